/// Publication (công bố) of procedures, calendars and organisation files: their bytes go into the store once,
/// under their hash, with an event each. Runs before the sequencer starts.
#pragma once

#include "engine/ports/clock.hpp"
#include "engine/ports/event_store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace motcua::engine {

/// A file to publish, or one that was.
struct PublishedFile {
  StreamKind kind = StreamKind::procedure;  ///< procedure, calendar or organisation
  std::string code{};
  std::int64_t version = 0;
  Digest hash{};
  std::string bytes{};
};

/// A file's version, by name and hash.
struct PublishedVersion {
  std::string code{};
  std::int64_t version = 0;
  Digest hash{};
  friend bool operator==(const PublishedVersion&, const PublishedVersion&) = default;
};

/// What the record of a publication says.
struct Publication {
  PublishedVersion published{};
  std::vector<PublishedVersion>
      descendants{};  ///< calendars that inherit from it, published in the same batch
  std::uint64_t position = 0;
  Instant recorded_at{};
  std::optional<std::uint64_t> warnings{};  ///< that the linter had then; none for files of the start
};
using PublicationHandle = std::shared_ptr<const Publication>;

/// True for the type that a publication of this kind of stream has.
[[nodiscard]] bool is_publication(const Record& record);
/// Fault: it is none, or malformed.
[[nodiscard]] FaultOr<Publication> read_publication(const Record& record);
/// The publication that is version `version` of `stream`; null if that record is about something else.
[[nodiscard]] FaultOr<PublicationHandle> publication_at(const EventStore& store, const StreamId& stream,
                                                        std::uint64_t version);
/// Type and public bytes of a publication's record.
[[nodiscard]] std::string publication_type(StreamKind kind);
[[nodiscard]] std::string public_text(const PublishedVersion& published,
                                      const std::vector<PublishedVersion>& descendants = {},
                                      std::optional<std::uint64_t> warnings = {});
/// The publications of one stream, oldest first.
[[nodiscard]] FaultOr<std::vector<Publication>> publications_of(const EventStore& store,
                                                                const StreamId& stream);

/// The hash of the file that `record` publishes; nullopt if it publishes none. Fault: a publication without.
[[nodiscard]] FaultOr<std::optional<Digest>> published_hash(const Record& record);

/// Every published file of the store, oldest first per stream.
[[nodiscard]] FaultOr<std::vector<PublishedFile>> published_files(const EventStore& store);

/// Publishes those of `files` that the store does not hold yet, in one batch. Fault: the same code and
/// version is held with other bytes, or one is new while the clock is in doubt. Returns how many were new.
[[nodiscard]] FaultOr<std::size_t> publish(EventStore& store, const std::vector<PublishedFile>& files,
                                           const ClockReading& reading);

}  // namespace motcua::engine
