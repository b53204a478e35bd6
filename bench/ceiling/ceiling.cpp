/// The ceiling: a bare server of the same parts as the engine (Beast, nlohmann, RocksDB, group commit) and
/// nothing else. It takes the engine's POST with the engine's command body, checks one version in memory,
/// writes one record and one index row, and answers as many bytes as the engine does. No rights, rules,
/// timers, idempotency or audit: what is left is what the parts cost. It must never include engine code.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Executor = asio::io_context::executor_type;
using UseAwaitable = asio::use_awaitable_t<Executor>;
using Task = asio::awaitable<void, Executor>;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
/// Resumes the coroutine that waits for a commit.
using Waiter = asio::async_result<UseAwaitable, void()>::handler_type;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr UseAwaitable kAwait{};
constexpr std::string_view kCases = "/api/v1/cases";
constexpr std::size_t kIdBytes = 36;

/// What one command writes, and who waits for it.
struct Write {
  std::string id{};
  std::uint64_t version = 0;
  std::string body{};
  Waiter waiter;
};

/// Big-endian, so that a case's records lie in order of version.
std::string record_key(const std::string& id, std::uint64_t version) {
  std::string key = id;
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>((version >> shift) & 0xff));
  }
  return key;
}

/// Group commit: one batch is being synced while the next one gathers. Own thread.
class Committer {
 public:
  Committer(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& records, rocksdb::ColumnFamilyHandle& index,
            bool sync, asio::io_context& io)
      : db_(db), records_(records), index_(index), io_(io), thread_([this, sync] { run(sync); }) {}
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;
  ~Committer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  /// I/O thread.
  void add(Write write) {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = gathering_.empty();
      gathering_.push_back(std::move(write));
    }
    if (first) {
      wake_.notify_one();
    }
  }

 private:
  void run(bool sync) {
    rocksdb::WriteOptions options;
    options.sync = sync;
    rocksdb::WriteBatch batch;
    while (true) {
      std::vector<Write> group;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !gathering_.empty(); });
        if (gathering_.empty()) {
          return;
        }
        group.swap(gathering_);
      }
      batch.Clear();
      for (const Write& write : group) {
        batch.Put(&records_, record_key(write.id, write.version), write.body);
        batch.Put(&index_, write.id, std::to_string(write.version));
      }
      const rocksdb::Status status = db_.Write(options, &batch);
      if (!status.ok()) {
        std::cerr << "ceiling: " << status.ToString() << '\n';
        std::_Exit(3);
      }
      asio::post(io_, [group = std::move(group)]() mutable {
        for (Write& write : group) {
          std::move(write.waiter)();
        }
      });
    }
  }

  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle& records_;
  rocksdb::ColumnFamilyHandle& index_;
  asio::io_context& io_;
  std::mutex mutex_{};
  std::condition_variable wake_{};
  std::vector<Write> gathering_{};
  bool stopping_ = false;
  std::thread thread_;
};

/// A canned case: the text around the two members that change.
struct Answer {
  std::string before_id{};
  std::string before_version{};
  std::string after_version{};

  [[nodiscard]] std::string render(const std::string& id, std::uint64_t version) const {
    const std::string digits = std::to_string(version);
    std::string text;
    text.reserve(before_id.size() + id.size() + before_version.size() + digits.size() + after_version.size());
    text.append(before_id).append(id).append(before_version).append(digits).append(after_version);
    return text;
  }
};

/// From a case that the engine answered, or, without one, a case padded to `bytes`.
Answer answer_like(const std::string& sample_file, std::size_t bytes) {
  nlohmann::ordered_json sample = {{"id", ""}, {"version", 1}, {"stage", "in_process"}};
  if (!sample_file.empty()) {
    std::ifstream in(sample_file);
    sample = nlohmann::ordered_json::parse(in);
  } else {
    const std::size_t size = sample.dump().size() + kIdBytes + sizeof(R"("data":"",)");
    sample["data"] = std::string(bytes > size ? bytes - size : 0, 'x');
  }
  sample["id"] = "@id@";
  sample["version"] = "@version@";
  const std::string text = sample.dump();
  const std::string_view id_mark = "@id@";
  const std::string_view version_mark = "\"@version@\"";
  const std::size_t id_at = text.find(id_mark);
  const std::size_t version_at = text.find(version_mark);
  if (version_at < id_at) {
    throw std::runtime_error("the sample's id must stand before its version");
  }
  const std::size_t id_end = id_at + id_mark.size();
  return {text.substr(0, id_at), text.substr(id_end, version_at - id_end),
          text.substr(version_at + version_mark.size())};
}

/// The server's state: versions of all cases. I/O thread only.
struct Office {
  std::unordered_map<std::string, std::uint64_t> versions{};
  std::uint64_t filed = 0;
  Answer answer{};
};

Response reply(const Request& request, http::status status, std::string body) {
  Response response{status, request.version()};
  response.set(http::field::content_type,
               status < http::status::bad_request ? "application/json" : "application/problem+json");
  response.keep_alive(request.keep_alive());
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

Response problem(const Request& request, http::status status, const std::string& name) {
  return reply(request, status, R"({"type":"/problems/)" + name + "\"}");
}

/// A UUID-shaped id, ascending.
std::string next_id(std::uint64_t& counter) {
  char text[kIdBytes + 1] = {};
  const std::uint64_t number = ++counter;
  std::snprintf(text, sizeof text, "00000000-0000-7000-8000-%012llx",
                static_cast<unsigned long long>(number));
  return text;
}

/// What a request asks for, once its path and body are read.
struct Asked {
  std::string id{};
  std::uint64_t version = 0;  ///< version after the command; 0 = nothing to write
  Response refusal{};         ///< the answer when there is nothing to write
};

Asked read_case(Office& office, const Request& request, std::string_view id) {
  const auto found = office.versions.find(std::string(id));
  if (found == office.versions.end()) {
    return {{}, 0, problem(request, http::status::not_found, "not-found")};
  }
  return {{}, 0, reply(request, http::status::ok, office.answer.render(found->first, found->second))};
}

/// The in-memory check: the case exists and stands at the expected version.
Asked check(Office& office, const Request& request) {
  const std::string_view target{request.target().data(), request.target().size()};
  if (request.method() == http::verb::get && target.size() == kCases.size() + 1 + kIdBytes) {
    return read_case(office, request, target.substr(kCases.size() + 1));
  }
  const auto body = nlohmann::json::parse(request.body(), nullptr, false);
  if (!body.is_object() || request.method() != http::verb::post ||
      target.substr(0, kCases.size()) != kCases) {
    return {{}, 0, problem(request, http::status::bad_request, "bad-request")};
  }
  if (target == kCases) {
    std::string id = next_id(office.filed);
    office.versions[id] = 1;
    return {std::move(id), 1, {}};
  }
  std::string id{target.substr(kCases.size() + 1, kIdBytes)};
  const auto found = office.versions.find(id);
  const auto expected = body.find("expected_version");
  if (found == office.versions.end()) {
    return {{}, 0, problem(request, http::status::not_found, "not-found")};
  }
  if (!body.contains("command") || expected == body.end() || *expected != found->second) {
    return {{}, 0, problem(request, http::status::conflict, "version-conflict")};
  }
  return {std::move(id), ++found->second, {}};
}

Task durable(Committer& committer, std::string id, std::uint64_t version, std::string body) {
  co_await asio::async_initiate<const UseAwaitable, void()>(
      [&](Waiter waiter) {
        committer.add(Write{std::move(id), version, std::move(body), std::move(waiter)});
      },
      kAwait);
}

Task serve(Socket socket, Office& office, Committer& committer) {
  boost::beast::flat_buffer buffer;
  boost::system::error_code error;
  socket.set_option(asio::ip::tcp::no_delay(true), error);
  while (!error) {
    Request request;
    co_await http::async_read(socket, buffer, request, asio::redirect_error(kAwait, error));
    if (error) {
      break;
    }
    Asked asked = check(office, request);
    if (asked.version != 0) {
      std::string body = std::move(request.body());
      co_await durable(committer, asked.id, asked.version, std::move(body));
      const auto status = asked.version == 1 ? http::status::created : http::status::ok;
      asked.refusal = reply(request, status, office.answer.render(asked.id, asked.version));
    }
    co_await http::async_write(socket, asked.refusal, asio::redirect_error(kAwait, error));
    if (!asked.refusal.keep_alive()) {
      break;
    }
  }
}

Task listen(asio::io_context& io, Acceptor& acceptor, Office& office, Committer& committer) {
  while (true) {
    boost::system::error_code error;
    Socket socket = co_await acceptor.async_accept(asio::redirect_error(kAwait, error));
    if (error) {
      co_return;
    }
    asio::co_spawn(io.get_executor(), serve(std::move(socket), office, committer), asio::detached);
  }
}

struct Options {
  std::string data{};
  std::string sample{};
  std::string address = "127.0.0.1";
  std::uint16_t port = 8090;
  std::size_t answer_bytes = 2500;
  bool sync = true;
};

int usage() {
  std::cerr << "usage: motcua-ceiling --data DIR [--listen HOST:PORT] [--sample FILE | --answer-bytes N] "
               "[--no-sync]\n"
               "  --sample FILE  a case as the engine answers it; its id and version are patched\n"
               "  --no-sync      acknowledge without fdatasync: only to prove that the power cut test sees a "
               "loss\n";
  return 2;
}

bool parse(const std::vector<std::string>& arguments, Options& options) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    if (name == "--no-sync") {
      options.sync = false;
      continue;
    }
    if (i + 1 == arguments.size()) {
      return false;
    }
    const std::string& value = arguments[++i];
    if (name == "--data" || name == "--sample") {
      (name == "--data" ? options.data : options.sample) = value;
    } else if (name == "--answer-bytes") {
      options.answer_bytes = std::stoul(value);
    } else if (name == "--listen") {
      const std::size_t colon = value.rfind(':');
      options.address = value.substr(0, colon);
      options.port = static_cast<std::uint16_t>(std::stoul(value.substr(colon + 1)));
    } else {
      return false;
    }
  }
  return !options.data.empty();
}

void load_versions(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& index, Office& office) {
  const std::unique_ptr<rocksdb::Iterator> row(db.NewIterator({}, &index));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    office.versions[row->key().ToString()] = std::stoull(row->value().ToString());
  }
  office.filed = office.versions.size();
}

void run(const Options& options) {
  rocksdb::Options settings;
  settings.create_if_missing = settings.create_missing_column_families = true;
  settings.max_total_wal_size = 64ULL << 20;
  std::vector<rocksdb::ColumnFamilyDescriptor> families{{rocksdb::kDefaultColumnFamilyName, settings},
                                                        {"index", settings}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(settings, options.data, families, &handles, &opened);
  if (!status.ok()) {
    throw std::runtime_error(status.ToString());
  }
  const std::unique_ptr<rocksdb::DB> db(opened);
  // Handles go before the database: Debian's library asserts it.
  const std::unique_ptr<rocksdb::ColumnFamilyHandle> records(handles[0]);
  const std::unique_ptr<rocksdb::ColumnFamilyHandle> index(handles[1]);
  Office office;
  office.answer = answer_like(options.sample, options.answer_bytes);
  load_versions(*db, *index, office);

  asio::io_context io(1);
  Acceptor acceptor(io.get_executor(), {asio::ip::make_address(options.address), options.port});
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&io](const boost::system::error_code&, int) { io.stop(); });
  Committer committer(*db, *records, *index, options.sync, io);
  asio::co_spawn(io.get_executor(), listen(io, acceptor, office, committer), asio::detached);
  std::cout << "ceiling listens on " << options.address << ':' << acceptor.local_endpoint().port()
            << std::endl;
  io.run();
}

}  // namespace

int main(int count, char** values) {
  Options options;
  try {
    if (!parse({values + 1, values + count}, options)) {
      return usage();
    }
    run(options);
  } catch (const std::exception& error) {
    std::cerr << "ceiling: " << error.what() << '\n';
    return 3;
  }
  return 0;
}
