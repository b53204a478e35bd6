/// `motcua calendar show|diff|check`: the days off of a year, what two versions differ in, and what a new
/// version would move.
#include "api/cli/commands.hpp"
#include "api/cli/store_folder.hpp"
#include "engine/deadline/calendar_changes.hpp"
#include "engine/deadline/wording.hpp"
#include "engine/runtime/calendar_judge.hpp"
#include "workflows/loader/check_file.hpp"
#include "workflows/loader/loaded_catalogue.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace motcua::api {
namespace {

using engine::WorkingCalendar;
using nlohmann::json;
using CalendarHandle = std::shared_ptr<const WorkingCalendar>;

struct CalendarOptions {
  std::filesystem::path data{};
  std::filesystem::path workflows = "workflows";
  std::string code{};
  std::int64_t version = 0;
  int year = 0;
  std::string before{};
  std::string after{};
  std::filesystem::path file{};
  bool as_json = false;
};

/// A failure of the machine or the folder, not of what was asked.
struct Unusable {
  std::string what{};
};

/// Where calendars come from: a data folder, read-only, or else a workflows folder.
class Source {
 public:
  explicit Source(const CalendarOptions& options) {
    if (options.data.empty()) {
      const auto findings = catalogue_.load_folder(options.workflows);
      if (workflows::has_errors(findings)) throw Unusable{workflows::to_text(findings)};
      return;
    }
    auto opened = storage::RocksdbEventStore::open(options.data, storage::OpenMode::read_only);
    if (!opened) throw Unusable{opened.error().what};
    store_ = *std::move(opened);
    if (const auto loaded = load_published(*store_, catalogue_); !loaded) throw Unusable{loaded.error().what};
  }

  [[nodiscard]] workflows::LoadedCatalogue& catalogue() { return catalogue_; }
  [[nodiscard]] const storage::RocksdbEventStore* store() const { return store_.get(); }

 private:
  std::unique_ptr<storage::RocksdbEventStore> store_{};
  workflows::LoadedCatalogue catalogue_{};
};

std::string bytes_of(const std::filesystem::path& path) {
  workflows::Findings findings;
  auto bytes = workflows::read_bytes(path, findings);
  if (!bytes) throw Unusable{workflows::to_text(findings)};
  return *std::move(bytes);
}

/// `<code>`, `<code>@<version>` or a file.
CalendarHandle named(Source& source, const std::string& name) {
  if (std::filesystem::exists(name)) {
    auto family = source.catalogue().check_family(bytes_of(name), name);
    if (family.calendars.empty()) throw Unusable{workflows::to_text(family.findings)};
    return family.calendars.front();
  }
  const auto at = name.find('@');
  const auto code = name.substr(0, at);
  const auto digits = at == std::string::npos ? std::string() : name.substr(at + 1);
  const bool is_number =
      !digits.empty() && digits.size() < 10 &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  auto found = at == std::string::npos ? source.catalogue().calendar(code)
               : is_number             ? source.catalogue().calendar_version(code, std::stoll(digits))
                                       : nullptr;
  if (!found) throw Unusable{"there is no calendar " + name};
  return found;
}

bool is_in(engine::LocalDay day, int year) {
  return std::chrono::year_month_day{day}.year() == std::chrono::year{year};
}

json day_json(engine::LocalDay day, const engine::DayOverride& entry) {
  json object{{"date", engine::to_iso(day)},
              {"kind", entry.kind == engine::DayKind::off ? "OFF" : "WORK"},
              {"name", {{"vi", entry.name}, {"en", entry.name_en}}},
              {"notice", entry.notice},
              {"law", entry.law}};
  if (entry.replaces) object["replaces"] = engine::to_iso(*entry.replaces);
  return object;
}

Exit show(const CalendarOptions& options) {
  Source source(options);
  const auto name =
      options.version == 0 ? options.code : options.code + '@' + std::to_string(options.version);
  const auto calendar = named(source, name);
  const int last = static_cast<int>(std::chrono::year_month_day{calendar->published_until}.year());
  const int year = options.year == 0 ? last : options.year;
  json days = json::array();
  for (const auto& [day, entry] : calendar->overrides) {
    if (is_in(day, year)) days.push_back(day_json(day, entry));
  }
  if (options.as_json) {
    std::cout << json{{"code", calendar->code},
                      {"version", calendar->version},
                      {"hash", engine::to_hex(calendar->hash)},
                      {"published_until", engine::to_iso(calendar->published_until)},
                      {"year", year},
                      {"days", days}}
                     .dump(2)
              << '\n';
    return Exit::ok;
  }
  std::cout << calendar->code << " version " << calendar->version << ", days of " << year
            << ", published until " << engine::to_iso(calendar->published_until) << '\n';
  for (const auto& day : days) {
    const auto at = *engine::parse_iso_day(day["date"].get<std::string>());
    std::cout << day["date"].get<std::string>() << "  " << day["kind"].get<std::string>()
              << (day["kind"] == "OFF" ? "   " : "  ") << day["name"]["vi"].get<std::string>() << " ("
              << engine::day_text(at, engine::Language::vietnamese) << "), notice "
              << day["notice"].get<std::string>() << '\n';
  }
  return Exit::ok;
}

Exit diff(const CalendarOptions& options) {
  Source source(options);
  const auto change = engine::change_between(named(source, options.before), named(source, options.after));
  json days = json::array();
  for (const auto day : change.days) {
    const auto text = engine::text_of_change(change, day);
    days.push_back({{"date", engine::to_iso(day)}, {"vi", text.vi}, {"en", text.en}});
  }
  if (options.as_json) {
    std::cout << json{{"days", days}}.dump(2) << '\n';
  } else {
    for (const auto& day : days) {
      std::cout << day["date"].get<std::string>() << "  " << day["vi"].get<std::string>() << "  /  "
                << day["en"].get<std::string>() << '\n';
    }
    std::cout << days.size() << " days differ\n";
  }
  return days.empty() ? Exit::ok : Exit::findings;
}

/// What `POST /calendars` would say about the file's version and its past days; empty if nothing.
std::string objection(const workflows::LoadedCatalogue& catalogue, const workflows::CalendarList& family,
                      engine::LocalDay today) {
  for (const auto& calendar : family) {
    const auto newest = catalogue.calendar(calendar->code);
    if (!newest) continue;
    if (calendar->version != newest->version + 1) {
      return calendar->code + ": the next version is " + std::to_string(newest->version + 1);
    }
    if (const auto past = engine::changed_past_day(*newest, *calendar, today)) {
      return calendar->code + ": changes " + engine::to_iso(*past) + ", a day that has passed";
    }
  }
  return {};
}

void print_moves(const engine::MoveCounts& counts) {
  std::cout << counts.cases << " open cases with a clock";
  for (const auto& [move, count] : counts.moved) std::cout << ", " << engine::name_of(move) << ' ' << count;
  std::cout << (counts.moved.empty() ? ", none is moved\n" : "\n");
  if (counts.unreadable != 0) std::cout << counts.unreadable << " cases cannot be read\n";
}

json moves_json(const engine::MoveCounts& counts) {
  json moved = json::object();
  for (const auto& [move, count] : counts.moved) moved[std::string(engine::name_of(move))] = count;
  return {{"cases", counts.cases}, {"moved", moved}, {"unreadable", counts.unreadable}};
}

Exit check(const CalendarOptions& options) {
  Source source(options);
  auto& catalogue = source.catalogue();
  const auto family = catalogue.check_family(bytes_of(options.file), options.file.string());
  const bool is_fit = !family.calendars.empty();
  const auto refused =
      is_fit && source.store() != nullptr
          ? objection(catalogue, family.calendars, engine::local_day(source.store()->head().recorded_at))
          : "";
  json body{{"findings", workflows::to_json(family.findings)},
            {"refused", refused.empty() ? json(nullptr) : json(refused)}};
  if (!options.as_json) {
    std::cout << workflows::to_text(family.findings);
    if (!refused.empty()) std::cout << refused << '\n';
  }
  if (is_fit && refused.empty() && source.store() != nullptr) {
    catalogue.add_calendars(family.calendars);
    const auto counts = engine::count_moves(*source.store(), catalogue);
    if (!counts) throw Unusable{counts.error().what};
    body["moves"] = moves_json(*counts);
    body["position"] = source.store()->head().position;
    if (!options.as_json) print_moves(*counts);
  }
  if (options.as_json) std::cout << body.dump(2) << '\n';
  return is_fit && refused.empty() ? Exit::ok : Exit::findings;
}

using Run = Exit (*)(const CalendarOptions&);

CLI::App* add(CLI::App& command, const char* name, const char* text,
              const std::shared_ptr<CalendarOptions>& options, Action& action, Run run) {
  auto* sub = command.add_subcommand(name, text);
  sub->add_option("--data", options->data, "data folder, read without changing it")->envname("MOTCUA_DATA");
  sub->add_option("--workflows", options->workflows, "folder of workflows, where no data folder is given");
  sub->add_flag("--json", options->as_json, "answer in JSON");
  sub->callback([options, run, &action] {
    action = [options, run] {
      try {
        return run(*options);
      } catch (const Unusable& problem) {
        complain(problem.what);
        return Exit::failure;
      }
    };
  });
  return sub;
}

}  // namespace

void add_calendar_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("calendar", "show, compare and check working calendars");
  command->require_subcommand(1);
  const auto options = std::make_shared<CalendarOptions>();
  auto* showing = add(*command, "show", "days off and make-up days of a year", options, action, &show);
  showing->add_option("code", options->code, "calendar")->required();
  showing->add_option("--version", options->version, "the newest if absent")->check(CLI::PositiveNumber);
  showing->add_option("--year", options->year, "the last published one if absent")
      ->check(CLI::Range(1900, 9999));
  auto* comparing =
      add(*command, "diff", "days on which two versions differ; 1 if some do", options, action, &diff);
  comparing->add_option("before", options->before, "CODE, CODE@VERSION or a file")->required();
  comparing->add_option("after", options->after, "CODE, CODE@VERSION or a file")->required();
  auto* checking = add(*command, "check", "lint a file; with --data, count the open cases that it would move",
                       options, action, &check);
  checking->add_option("file", options->file, "calendar file")->required();
}

}  // namespace motcua::api
