#include "storage/rocksdb/sorted_file.hpp"

#include "storage/rocksdb/rocksdb_options.hpp"

#include <rocksdb/iterator.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/sst_file_writer.h>

#include <string>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Fault;
using engine::FaultOr;

rocksdb::Options file_options() {
  rocksdb::Options options;
  options.compression = resting_compression();
  return options;
}

rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data() == nullptr ? "" : bytes.data(), bytes.size()};
}
std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

FaultOr<void> outcome(const std::filesystem::path& path, const rocksdb::Status& status) {
  if (status.ok()) return {};
  return Fault{path.string() + ": " + status.ToString()};
}

}  // namespace

SortedFileWriter::SortedFileWriter(std::filesystem::path path, std::unique_ptr<rocksdb::SstFileWriter> writer)
    : path_(std::move(path)), writer_(std::move(writer)) {}

SortedFileWriter::~SortedFileWriter() = default;

FaultOr<std::unique_ptr<SortedFileWriter>> SortedFileWriter::create(const std::filesystem::path& path) {
  auto writer = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), file_options());
  if (auto opened = outcome(path, writer->Open(path.string())); !opened) return opened.error();
  return std::unique_ptr<SortedFileWriter>(new SortedFileWriter(path, std::move(writer)));
}

FaultOr<void> SortedFileWriter::put(std::string_view key, std::string_view value) {
  return outcome(path_, writer_->Put(slice(key), slice(value)));
}

FaultOr<void> SortedFileWriter::finish() { return outcome(path_, writer_->Finish()); }

FaultOr<void> scan_sorted_file(const std::filesystem::path& path,
                               const std::function<bool(std::string_view, std::string_view)>& visit) {
  rocksdb::SstFileReader reader(file_options());
  if (auto opened = outcome(path, reader.Open(path.string())); !opened) return opened;
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  const std::unique_ptr<rocksdb::Iterator> at(reader.NewIterator(options));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    if (!visit(view(at->key()), view(at->value()))) break;
  }
  return outcome(path, at->status());
}

}  // namespace motcua::storage
