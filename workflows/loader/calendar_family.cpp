#include "workflows/loader/calendar_family.hpp"

#include "engine/core/ids.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace motcua::workflows {
namespace {

using engine::WorkingCalendar;

std::int64_t number_of(const Json& document, const char* name) {
  const Json& value = member(document, name);
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

ParentName name_of(const Json& document) {
  return {text_of(document, "code"), number_of(document, "version")};
}

/// Elements of both lists by the text of `key`, ascending; the child's before the parent's.
Json merged_list(const Json& parent, const Json& child, const char* key) {
  std::map<std::string, Json> by_key;
  for (const Json* list : {&child, &parent}) {
    engine::each_element(*list, "", [&](const std::string&, const Json& element) {
      by_key.emplace(text_of(element, key), element);
    });
  }
  Json merged = Json::array();
  for (auto& [name, element] : by_key) {
    merged.push_back(std::move(element));
  }
  return merged;
}

/// Elements of `list` that `inherited` does not have in the same words.
Json without(const Json& list, const Json& inherited) {
  Json own = Json::array();
  engine::each_element(list, "", [&](const std::string&, const Json& element) {
    bool known = false;
    engine::each_element(inherited, "",
                         [&](const std::string&, const Json& other) { known = known || other == element; });
    if (!known) own.push_back(element);
  });
  return own;
}

Json week_without(const Json& week, const Json& inherited) {
  Json own = Json::object();
  engine::each_member(week, "", [&](const std::string&, const std::string& weekday, const Json& hours) {
    if (member(inherited, weekday.c_str()) != hours) own[weekday] = hours;
  });
  return own;
}

/// Members of a child's own part that may be absent from its file.
void add_own(Json& into, const Json& law, const Json& weekly, const Json& days) {
  if (!law.empty()) into["law"] = law;
  if (!weekly.empty()) into["weekly"] = weekly;
  if (!days.empty()) into["days"] = days;
}

/// Files that no other pending file is the parent of are left for a later round.
class Rounds {
 public:
  Rounds(const std::vector<CalendarFile>& files, const ParentCalendars& known)
      : files_(files), known_(known), checked_(files.size()) {
    for (const CalendarFile& file : files) {
      const LocatedJson located = parse_located(file.bytes, file.file);
      names_.push_back(name_of(located.document));
      parents_.push_back(parent_of(located.document));
      pending_.push_back(pending_.size());
    }
  }

  std::vector<Checked<WorkingCalendar>> run() {
    while (!pending_.empty()) {
      const auto waits = std::stable_partition(pending_.begin(), pending_.end(),
                                               [&](std::size_t index) { return !is_waiting(index); });
      const bool stuck = waits == pending_.begin();
      const auto end = stuck ? pending_.end() : waits;
      for (auto next = pending_.begin(); next != end; ++next) {
        check(*next, stuck && comes_back(*next));
      }
      pending_.erase(pending_.begin(), end);
    }
    return std::move(checked_);
  }

 private:
  [[nodiscard]] bool is_waiting(std::size_t index) const {
    return parents_[index] && std::any_of(pending_.begin(), pending_.end(), [&](std::size_t other) {
             return names_[other] == *parents_[index];
           });
  }

  /// True if the parents of a pending file lead back to it.
  [[nodiscard]] bool comes_back(std::size_t index) const {
    std::size_t at = index;
    for (std::size_t steps = 0; steps <= pending_.size() && parents_[at]; ++steps) {
      const auto parent = std::find_if(pending_.begin(), pending_.end(),
                                       [&](std::size_t other) { return names_[other] == *parents_[at]; });
      if (parent == pending_.end()) return false;
      if (*parent == index) return true;
      at = *parent;
    }
    return false;
  }

  void check(std::size_t index, bool in_a_cycle) {
    const auto find = [&](const std::string& code,
                          std::int64_t version) -> std::shared_ptr<const WorkingCalendar> {
      // What is published stands, even if a file of the folder has another text for that version.
      if (auto published = known_ ? known_(code, version) : nullptr) {
        return published;
      }
      for (std::size_t other = 0; other < names_.size(); ++other) {
        if (names_[other] == ParentName{code, version} && checked_[other].value) {
          return checked_[other].value;
        }
      }
      return nullptr;
    };
    checked_[index] = check_calendar(files_[index].bytes, files_[index].file, Checks::all, find);
    for (Finding& finding : checked_[index].located.findings) {
      if (in_a_cycle && finding.rule == "unknown-parent") {
        finding.rule = "cyclic-parent";
        finding.message = "the calendars are each other's parents";
      }
    }
  }

  const std::vector<CalendarFile>& files_;
  const ParentCalendars& known_;
  std::vector<Checked<WorkingCalendar>> checked_;
  std::vector<ParentName> names_{};
  std::vector<std::optional<ParentName>> parents_{};
  std::vector<std::size_t> pending_{};
};

}  // namespace

std::optional<ParentName> parent_of(const Json& document) {
  if (!document.is_object() || !document.contains("parent")) {
    return std::nullopt;
  }
  return ParentName{text_of(document, "parent"), number_of(document, "parent_version")};
}

std::string resolved_text(const Json& child, const std::string& child_bytes, const WorkingCalendar& parent) {
  const Json base = Json::parse(parent.document);
  Json document = Json::object();
  for (const char* own : {"code", "version", "name"}) {
    document[own] = member(child, own);
  }
  document["law"] = merged_list(member(base, "law"), member(child, "law"), "id");
  document["published_until"] = member(base, "published_until");
  Json& weekly = document["weekly"] = member(base, "weekly");
  engine::each_member(
      member(child, "weekly"), "",
      [&](const std::string&, const std::string& weekday, const Json& hours) { weekly[weekday] = hours; });
  document["yearly"] = merged_list(member(base, "yearly"), Json(), "day");
  document["days"] = merged_list(member(base, "days"), member(child, "days"), "date");
  document["resolved"] = {{"parent", parent.code},
                          {"parent_version", parent.version},
                          {"parent_hash", engine::to_hex(parent.hash)},
                          {"source", engine::to_hex(sha256(child_bytes))}};
  document["own"] = Json::object();
  add_own(document["own"], member(child, "law"), member(child, "weekly"), member(child, "days"));
  return document.dump();
}

std::optional<ParentName> parent_of(const WorkingCalendar& calendar) {
  const Json document = Json::parse(calendar.document, nullptr, false);
  const Json& resolved = member(document, "resolved");
  if (!resolved.is_object()) return std::nullopt;
  return ParentName{text_of(resolved, "parent"), number_of(resolved, "parent_version")};
}

Json following_file(const WorkingCalendar& child, const WorkingCalendar& before,
                    std::int64_t parent_version) {
  const Json document = Json::parse(child.document, nullptr, false);
  if (!parent_of(child)) return nullptr;
  Json file{{"code", child.code},
            {"version", child.version + 1},
            {"name", member(document, "name")},
            {"parent", before.code},
            {"parent_version", parent_version}};
  if (const Json& own = member(document, "own"); own.is_object()) {
    add_own(file, member(own, "law"), member(own, "weekly"), member(own, "days"));
    return file;
  }
  const Json base = Json::parse(before.document, nullptr, false);
  add_own(file, without(member(document, "law"), member(base, "law")),
          week_without(member(document, "weekly"), member(base, "weekly")),
          without(member(document, "days"), member(base, "days")));
  return file;
}

std::vector<Checked<WorkingCalendar>> check_calendars(const std::vector<CalendarFile>& files,
                                                      const ParentCalendars& known) {
  return Rounds(files, known).run();
}

}  // namespace motcua::workflows
