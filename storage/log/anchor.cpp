#include "storage/log/anchor.hpp"

#include "storage/log/durable_file.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace motcua::storage {
namespace {

using engine::Digest;
using engine::Fault;
using engine::FaultOr;

constexpr std::string_view kTitle = "motcua anchor 1";
constexpr std::size_t kAnchorBytesMax = 8192;  // 64 hashes of 70 characters and five short lines

/// Takes the line `<name> <value>` from the front of `text`; nullopt if the next line is another one.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  auto line = text.substr(0, end);
  if (!line.starts_with(name)) return std::nullopt;
  line.remove_prefix(name.size());
  if (!line.starts_with(' ')) return std::nullopt;
  text.remove_prefix(end + 1);
  return line.substr(1);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc{} || end != text.data() + text.size() || std::to_string(size) != text)
    return std::nullopt;
  return size;
}

Fault malformed(const char* what) { return Fault{std::string("anchor is malformed: ") + what}; }

}  // namespace

std::string to_text(const Anchor& anchor) {
  std::string text(kTitle);
  text += "\nlog " + engine::to_hex(anchor.log_id) + "\nsize " + std::to_string(anchor.edge.size()) +
          "\nroot " + engine::to_hex(anchor.edge.root()) + '\n';
  for (const auto& hash : anchor.edge.subtrees()) text += "edge " + engine::to_hex(hash) + '\n';
  return text;
}

FaultOr<Anchor> parse_anchor(std::string_view text) {
  if (!text.starts_with(kTitle) || !text.substr(kTitle.size()).starts_with('\n'))
    return malformed("its first line");
  text.remove_prefix(kTitle.size() + 1);

  Anchor anchor;
  const auto log = take_line(text, "log");
  const auto log_id = log ? engine::from_hex(*log) : std::nullopt;
  if (!log_id || log_id->size() != anchor.log_id.size()) return malformed("log");
  std::copy(log_id->begin(), log_id->end(), anchor.log_id.begin());

  const auto size_text = take_line(text, "size");
  const auto size = size_text ? parse_size(*size_text) : std::nullopt;
  if (!size) return malformed("size");
  const auto root_text = take_line(text, "root");
  const auto root = root_text ? engine::digest_from_hex(*root_text) : std::nullopt;
  if (!root) return malformed("root");

  std::vector<Digest> subtrees;
  while (!text.empty()) {
    const auto edge_text = take_line(text, "edge");
    const auto hash = edge_text ? engine::digest_from_hex(*edge_text) : std::nullopt;
    if (!hash) return malformed("edge");
    subtrees.push_back(*hash);
  }
  auto edge = RightEdge::restore(*size, std::move(subtrees));
  if (!edge) return malformed(edge.error().what.c_str());
  if (edge->root() != *root) return malformed("its root is not the root of its edge");
  anchor.edge = std::move(*edge);
  return anchor;
}

FaultOr<void> AnchorFile::write(const Anchor& anchor) const {
  return replace_file(path_, to_text(anchor), 0644);
}

FaultOr<std::optional<Anchor>> AnchorFile::read() const {
  std::error_code error;
  if (!std::filesystem::exists(path_, error) && !error) return std::optional<Anchor>{};
  const auto text = read_small_file(path_, kAnchorBytesMax);
  if (!text) return text.error();
  auto anchor = parse_anchor(*text);
  if (!anchor) return Fault{path_.string() + ": " + anchor.error().what};
  return std::optional<Anchor>{std::move(*anchor)};
}

FaultOr<Anchor> check_against_anchor(const engine::EventStore& store, const Anchor& anchor) {
  const auto head = store.head();
  if (head.log_id != anchor.log_id) {
    return Fault{"the anchor belongs to log " + engine::to_hex(anchor.log_id) + ", the store holds log " +
                 engine::to_hex(head.log_id)};
  }
  if (head.position < anchor.edge.size()) {
    return Fault{"the log ends at position " + std::to_string(head.position) +
                 ", the anchor has seen position " + std::to_string(anchor.edge.size()) +
                 ": acknowledged events are missing"};
  }
  Anchor extended = anchor;
  const auto scanned = store.scan_log(anchor.edge.size() + 1, [&](const engine::LogEntry& entry) {
    if (entry.position != extended.edge.size() + 1 || entry.position > head.position) return false;
    extended.edge.append(entry.leaf);
    return true;
  });
  if (!scanned) return scanned.error();
  if (extended.edge.size() != head.position) {
    return Fault{"the log index ends or has a gap after position " + std::to_string(extended.edge.size()) +
                 ", the log's head is position " + std::to_string(head.position)};
  }
  if (extended.edge.root() != head.root) {
    return Fault{"the log does not continue the anchor: from size " + std::to_string(anchor.edge.size()) +
                 " to size " + std::to_string(head.position) + " the root differs"};
  }
  return extended;
}

}  // namespace motcua::storage
