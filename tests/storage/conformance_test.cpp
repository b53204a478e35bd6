#include "tests/conformance/event_store_suite.hpp"
#include "tests/storage/stores.hpp"

#include <gtest/gtest.h>

namespace motcua::conformance {

INSTANTIATE_TEST_SUITE_P(Memory, EventStoreSuite,
                         ::testing::Values(StoreFactory{
                             "Memory", [] { return std::make_unique<storage::MemoryHarness>(); }}),
                         name_of_store);

INSTANTIATE_TEST_SUITE_P(Rocksdb, EventStoreSuite,
                         ::testing::Values(StoreFactory{
                             "Rocksdb", [] { return std::make_unique<storage::RocksdbHarness>(); }}),
                         name_of_store);

}  // namespace motcua::conformance
