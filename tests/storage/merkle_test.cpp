#include "storage/log/merkle.hpp"

#include "storage/record/record_codec.hpp"
#include "storage/record/sha256.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <fstream>

namespace motcua::storage {
namespace {

using engine::Digest;

nlohmann::json published_vectors() {
  std::ifstream file(SOURCE_DIR "/tests/storage/data/rfc6962-roots.json");
  return nlohmann::json::parse(file);
}

std::string bytes_of(const nlohmann::json& hex) { return engine::from_hex(hex.get<std::string>()).value(); }

/// Root by the definition of RFC 6962, section 2.1: recursion over the leaves.
Digest root_by_definition(const std::vector<Digest>& leaves, std::size_t begin, std::size_t end) {
  if (begin == end) return sha256(std::string_view{});
  if (end - begin == 1) return leaves[begin];
  std::size_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  return node_hash(root_by_definition(leaves, begin, begin + split),
                   root_by_definition(leaves, begin + split, end));
}

TEST(RightEdge, HasThePublishedRootAtEachOfTheNineSizes) {
  const auto vectors = published_vectors();
  RightEdge edge;
  for (std::size_t size = 0; size <= 8; ++size) {
    EXPECT_EQ(engine::to_hex(edge.root()), vectors["root_hash_by_tree_size_hex"][size]) << size;
    EXPECT_EQ(edge.size(), size);
    if (size < 8) edge.append(leaf_hash(bytes_of(vectors["leaf_inputs_hex"][size])));
  }
}

TEST(MerkleHashes, LeafAndNodeHaveTheirPublishedPrefixes) {
  const auto single = published_vectors()["single"];
  EXPECT_EQ(engine::to_hex(leaf_hash("")), single["empty_leaf"]);
  EXPECT_EQ(engine::to_hex(leaf_hash("L123456")), single["leaf_L123456"]);
}

TEST(RightEdge, RefusesAnotherNumberOfHashesThanItsSizeHasBits) {
  EXPECT_FALSE(RightEdge::restore(3, {Digest{}}).has_value());
  EXPECT_FALSE(RightEdge::restore(4, {Digest{}, Digest{}}).has_value());
  EXPECT_TRUE(RightEdge::restore(3, {Digest{}, Digest{}}).has_value());
  EXPECT_FALSE(RightEdge::decode("").has_value());
  EXPECT_FALSE(RightEdge::decode(std::string(8, '\xff')).has_value());
  RightEdge edge;
  edge.append({1});
  EXPECT_FALSE(RightEdge::decode(edge.encoded() + 'x').has_value());
}

RC_GTEST_PROP(RightEdgeProperty, HasTheRootOfTheDefinitionAndSurvivesItsStoredForm,
              (const std::vector<std::uint8_t>& seeds)) {
  RightEdge edge;
  std::vector<Digest> leaves;
  for (const auto seed : seeds) {
    leaves.push_back(Digest{seed, static_cast<std::uint8_t>(leaves.size())});
    edge.append(leaves.back());
    const auto restored = RightEdge::decode(edge.encoded());
    RC_ASSERT(restored.has_value());
    edge = *restored;
  }
  RC_ASSERT(edge.root() == root_by_definition(leaves, 0, leaves.size()));
}

TEST(HmacSha256, HasThePublishedValuesOfRfc4231) {
  EXPECT_EQ(engine::to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(engine::to_hex(hmac_sha256(std::string(131, '\xaa'),
                                       "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace motcua::storage
