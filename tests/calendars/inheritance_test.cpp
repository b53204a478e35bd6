#include "engine/deadline/counting.hpp"
#include "tests/calendars/support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <unistd.h>

namespace motcua::workflows {
namespace {

using engine::Hours;
using engine::Window;
using std::chrono::hours;
using std::chrono::minutes;

namespace fs = std::filesystem;

const char* const kNation = R"({"code": "nation", "version": 1, "name": {"vi": "Cả nước", "en": "Nation"},
  "law": [{"id": "act-1", "act": "Văn bản"}],
  "published_until": "2026-12-31",
  "weekly": {"monday": {"processing": [["08:00", "12:00"]], "reception": [["08:00", "12:00"]]},
             "tuesday": {"processing": [["08:00", "12:00"]], "reception": [["08:00", "12:00"]]}},
  "yearly": [{"day": "09-02", "name": {"vi": "Quốc khánh", "en": "National Day"}, "law": "act-1"}],
  "days": [{"date": "2026-03-02", "kind": "OFF", "name": {"vi": "Nghỉ", "en": "Off"}, "notice": "unverified", "law": "act-1"},
           {"date": "2026-03-03", "kind": "OFF", "name": {"vi": "Nghỉ", "en": "Off"}, "notice": "unverified", "law": "act-1"}]})";

const char* const kProvince = R"({"code": "province", "version": 1, "name": {"vi": "Tỉnh", "en": "Province"},
  "parent": "nation", "parent_version": 1,
  "weekly": {"tuesday": {"processing": [["09:00", "12:00"]], "reception": [["09:00", "12:00"]]},
             "saturday": {"processing": [], "reception": [["08:00", "10:00"]]}},
  "days": [{"date": "2026-03-03", "kind": "WORK", "hours": {"processing": [["10:00", "11:00"]], "reception": []},
            "name": {"vi": "Trực", "en": "On duty"}, "notice": "unverified", "law": "unverified"}]})";

const char* const kOffice = R"({"code": "office", "version": 1, "name": {"vi": "Xã", "en": "Commune"},
  "parent": "province", "parent_version": 1})";

std::vector<Window> one(int from, int to) { return {{hours{from}, hours{to}}}; }

TEST(CalendarInheritance, AChildChangesWeekdaysAndDaysAndKeepsTheRest) {
  LoadedCatalogue catalogue;
  for (const auto* bytes : {kNation, kProvince, kOffice}) {
    ASSERT_EQ(to_text(catalogue.add_calendar(bytes)), "");
  }
  for (const auto* code : {"province", "office"}) {
    const auto calendar = catalogue.calendar(code);
    ASSERT_NE(calendar, nullptr) << code;
    EXPECT_EQ(calendar->code, code);
    EXPECT_EQ(calendar->windows_on(day("2026-03-09")), one(8, 12)) << "Monday is the nation's";
    EXPECT_EQ(calendar->windows_on(day("2026-03-10")), one(9, 12)) << "Tuesday is the province's";
    EXPECT_TRUE(calendar->windows_on(day("2026-03-14")).empty());
    EXPECT_EQ(calendar->windows_on(day("2026-03-14"), Hours::reception), one(8, 10));
    EXPECT_TRUE(calendar->windows_on(day("2026-03-02")).empty()) << "the nation's day off";
    EXPECT_EQ(calendar->windows_on(day("2026-03-03")), one(10, 11)) << "the province's day of work";
    EXPECT_EQ(calendar->published_until, day("2026-12-31"));
    EXPECT_EQ(calendar->yearly.size(), 1U);
  }
  EXPECT_TRUE(catalogue.calendar("nation")->windows_on(day("2026-03-03")).empty());
}

TEST(CalendarInheritance, TheStoredTextAloneIsTheWholeCalendar) {
  LoadedCatalogue catalogue;
  for (const auto* bytes : {kNation, kProvince, kOffice}) {
    ASSERT_EQ(to_text(catalogue.add_calendar(bytes)), "");
  }
  for (const auto& artifact : catalogue.artifacts()) {
    LoadedCatalogue copied;  // a data folder without the repository, one artifact at a time
    ASSERT_EQ(to_text(copied.add_published(FileKind::calendar, artifact.bytes)), "");
    const auto live = catalogue.calendar(artifact.code);
    const auto copy = copied.calendar_by_hash(artifact.hash);
    ASSERT_NE(copy, nullptr) << artifact.code;
    EXPECT_EQ(copy->processing, live->processing);
    EXPECT_EQ(copy->reception, live->reception);
    EXPECT_EQ(copy->overrides, live->overrides);
    EXPECT_EQ(copy->yearly, live->yearly);
    EXPECT_EQ(copy->published_until, live->published_until);
    EXPECT_EQ(copy->document, live->document);
    EXPECT_EQ(copy->source, live->source);
  }
}

TEST(CalendarInheritance, TheHashChangesWithTheParentsPartToo) {
  const auto hash_under = [](const std::string& nation) {
    LoadedCatalogue catalogue;
    EXPECT_EQ(to_text(catalogue.add_calendar(nation)), "");
    EXPECT_EQ(to_text(catalogue.add_calendar(kProvince)), "");
    return catalogue.calendar("province")->hash;
  };
  EXPECT_EQ(hash_under(kNation), hash_under(kNation));
  EXPECT_NE(hash_under(kNation), hash_under(with(kNation, "2026-03-02", "2026-03-09")));
}

// A change of this hash is a change of what a new store would hold for the same files.
TEST(CalendarInheritance, TheSameFilesAlwaysMakeTheSameText) {
  LoadedCatalogue catalogue;
  ASSERT_EQ(to_text(catalogue.add_calendar(kNation)), "");
  ASSERT_EQ(to_text(catalogue.add_calendar(kProvince)), "");
  const auto calendar = catalogue.calendar("province");
  EXPECT_NE(calendar->hash, calendar->source);
  EXPECT_EQ(engine::to_hex(calendar->hash),
            "832d964d2dc13fc83d5f715c9447079782297a23735e24ed421e069c485edb84")
      << calendar->document;
}

TEST(CalendarInheritance, WhatWasPublishedStandsWhenTheSameFileIsLoadedAgain) {
  LoadedCatalogue first;
  ASSERT_EQ(to_text(first.add_calendar(kNation)), "");
  ASSERT_EQ(to_text(first.add_calendar(kProvince)), "");
  LoadedCatalogue restarted;
  for (const auto& artifact : first.artifacts()) {
    ASSERT_EQ(to_text(restarted.add_published(artifact.kind, artifact.bytes)), "");
  }
  EXPECT_EQ(to_text(restarted.add_calendar(kNation)), "");
  EXPECT_EQ(to_text(restarted.add_calendar(kProvince)), "");
  EXPECT_EQ(restarted.artifacts().size(), 2U);
  const auto changed = restarted.add_calendar(with(kProvince, "09:00", "09:30"));
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].rule, "version-taken");
}

TEST(CalendarInheritance, WhatAnEarlierReleaseMadeOfTheSameFileStands) {
  LoadedCatalogue first;
  ASSERT_EQ(to_text(first.add_calendar(kNation)), "");
  ASSERT_EQ(to_text(first.add_calendar(kProvince)), "");
  const auto otherwise = with(first.calendar("province")->document, "\"weekly\":", "\"weekly\": ");
  LoadedCatalogue restarted;
  ASSERT_EQ(to_text(restarted.add_published(FileKind::calendar, otherwise)), "");
  const auto published = restarted.calendar("province");
  ASSERT_NE(published->hash, first.calendar("province")->hash);
  ASSERT_EQ(to_text(restarted.add_calendar(kNation)), "");
  EXPECT_EQ(to_text(restarted.add_calendar(kProvince)), "");
  EXPECT_EQ(restarted.calendar("province"), published);
}

TEST(CalendarInheritance, ANewVersionOfTheParentDoesNotMoveTheChild) {
  LoadedCatalogue catalogue;
  ASSERT_EQ(to_text(catalogue.add_calendar(kNation)), "");
  ASSERT_EQ(to_text(catalogue.add_calendar(kProvince)), "");
  const auto before = catalogue.calendar("province")->hash;
  ASSERT_EQ(to_text(catalogue.add_calendar(
                with(with(kNation, "\"version\": 1", "\"version\": 2"), "2026-03-02", "2026-03-09"))),
            "");
  EXPECT_EQ(to_text(catalogue.add_calendar(kProvince)), "");
  EXPECT_EQ(catalogue.calendar("province")->hash, before);
}

/// Findings of a folder with these calendars, as `rule file:line`.
std::string findings_of(const std::vector<std::pair<std::string, std::string>>& calendars) {
  const fs::path folder = fs::temp_directory_path() / ("motcua-calendars-" + std::to_string(::getpid()));
  fs::create_directories(folder / "calendars");
  for (const auto& [name, bytes] : calendars) {
    std::ofstream(folder / "calendars" / name, std::ios::binary) << bytes;
  }
  std::string text;
  for (const auto& finding : lint({folder})) {
    text += finding.rule + ' ' + fs::path(finding.file).filename().string() + ':' +
            std::to_string(finding.line) + ' ' + finding.pointer + '\n';
  }
  LoadedCatalogue catalogue;
  EXPECT_EQ(has_errors(catalogue.load_folder(folder)), !text.empty()) << "loading and linting agree";
  fs::remove_all(folder);
  return text;
}

TEST(CalendarFolder, LoadsParentsFirstWhateverTheNamesOfTheFiles) {
  EXPECT_EQ(findings_of({{"a.json", kOffice}, {"b.json", kProvince}, {"c.json", kNation}}), "");
}

TEST(CalendarFolder, RefusesAParentThatIsUnknownOrHasErrors) {
  EXPECT_EQ(findings_of({{"a.json", kProvince}}), "unknown-parent a.json:2 /parent\n");
  EXPECT_EQ(
      findings_of({{"a.json", kProvince}, {"b.json", with(kNation, "\"version\": 1", "\"version\": 2")}}),
      "unknown-parent a.json:2 /parent\n");
  EXPECT_EQ(findings_of({{"a.json", kProvince}, {"b.json", with(kNation, "08:00", "18:00")}}),
            "unknown-parent a.json:2 /parent\nbad-window b.json:4 /weekly/monday/processing/0\n");
}

TEST(CalendarFolder, RefusesParentsThatGoInACircle) {
  const std::string looped =
      R"({"code": "nation", "version": 1, "name": {"vi": "a", "en": "a"}, "parent": "office", "parent_version": 1})";
  EXPECT_EQ(
      findings_of({{"a.json", looped}, {"b.json", kProvince}, {"c.json", kOffice}}),
      "cyclic-parent a.json:1 /parent\ncyclic-parent b.json:2 /parent\ncyclic-parent c.json:2 /parent\n");
}

TEST(CalendarFolder, RefusesAnotherLawUnderAnIdOfTheParent) {
  const auto child = with(kOffice, "\"parent_version\": 1",
                          "\"parent_version\": 1, \"law\": [{\"id\": \"act-1\", \"act\": \"Văn bản khác\"}]");
  EXPECT_EQ(findings_of({{"a.json", with(child, "\"province\"", "\"nation\"")}, {"b.json", kNation}}),
            "law-conflict a.json:2 /law/0\n");
}

// The same law in the same words may stand in both, and another law under an id of its own.
TEST(CalendarFolder, TakesTheParentsLawAgainAndOtherLaws) {
  const auto child = with(kOffice, "\"parent_version\": 1",
                          "\"parent_version\": 1, \"law\": [{\"id\": \"act-1\", \"act\": \"Văn bản\"}, "
                          "{\"id\": \"act-1b\", \"act\": \"Văn bản khác\"}]");
  EXPECT_EQ(findings_of({{"a.json", with(child, "\"province\"", "\"nation\"")}, {"b.json", kNation}}), "");
}

TEST(CalendarFolder, RefusesAWorkDayThatFallsOnAWeekdayWithoutWindows) {
  const auto child =
      with(kProvince, "\"hours\": {\"processing\": [[\"10:00\", \"11:00\"]], \"reception\": []}",
           "\"replaces\": \"2026-03-07\"");
  EXPECT_EQ(findings_of({{"a.json", child}, {"b.json", kNation}}), "empty-work-day a.json:5 /days/0\n");
}

/// Replaces a random place of `document` by a value of another kind, or takes a member away.
void damage(nlohmann::ordered_json& document) {
  nlohmann::ordered_json* place = &document;
  for (int depth = *rc::gen::inRange(1, 7); depth > 0 && place->is_structured() && !place->empty(); --depth) {
    auto child =
        std::next(place->begin(), *rc::gen::resize(100, rc::gen::inRange<long>(0, std::ssize(*place))));
    if (place->is_object() && depth == 1 && *rc::gen::arbitrary<bool>()) {
      place->erase(child);
      return;
    }
    place = &*child;
  }
  *place = nlohmann::ordered_json::parse(*rc::gen::element<std::string>(
      "null", "1", "true", "[]", "{}", R"("vn")", R"([["08:00", "07:00"]])", R"([1])"));
}

RC_GTEST_PROP(CalendarInheritanceProperty, ADamagedChildIsLoadedWholeOrGivesErrors, ()) {
  auto document = nlohmann::ordered_json::parse(kProvince);
  for (int times = *rc::gen::element(1, 1, 3); times > 0; --times) {
    damage(document);
  }
  LoadedCatalogue catalogue;
  RC_ASSERT(!has_errors(catalogue.add_calendar(kNation)));
  const auto findings = catalogue.add_calendar(document.dump());
  const auto artifacts = catalogue.artifacts();
  RC_ASSERT(has_errors(findings) == (artifacts.size() == 1U));
  LoadedCatalogue copied;
  for (const auto& artifact : artifacts) {
    RC_ASSERT(!has_errors(copied.add_published(artifact.kind, artifact.bytes)));
  }
  RC_CLASSIFY(!has_errors(findings), "still sound");
}

TEST(ShippedCalendars, TheProvinceHasHoursOfItsOwnAndTheOfficeReceivesOnSaturdayMornings) {
  const std::vector<Window> province{{hours{7} + minutes{30}, hours{11} + minutes{30}},
                                     {hours{13}, hours{17}}};
  for (const auto* code : {"dak-lak", "dak-lak-suoi-mau"}) {
    const auto calendar = shipped().calendar(code);
    ASSERT_NE(calendar, nullptr) << code;
    EXPECT_EQ(calendar->windows_on(day("2026-10-01")), province);
    EXPECT_EQ(calendar->windows_on(day("2026-08-22")), province) << "the make-up Saturday has its hours too";
    EXPECT_TRUE(calendar->windows_on(day("2026-02-17")).empty()) << "Tết is the nation's";
    EXPECT_EQ(calendar->windows_on(day("2026-10-03"), Hours::reception).size(),
              std::string(code) == "dak-lak" ? 0U : 1U);
    EXPECT_TRUE(calendar->windows_on(day("2026-10-03")).empty());
    EXPECT_EQ(shipped().calendar_by_hash(calendar->hash), calendar);
  }
}

/// The nation's text as version 2, with a day off more.
std::string next_nation() {
  auto text = nlohmann::ordered_json::parse(kNation);
  text["version"] = 2;
  auto day_off = text["days"][0];
  day_off["date"] = "2026-03-17";
  text["days"].push_back(day_off);
  return text.dump();
}

TEST(CalendarFamily, EveryCalendarBelowFollowsWithItsOwnPartAsBefore) {
  LoadedCatalogue catalogue;
  for (const auto* bytes : {kNation, kProvince, kOffice}) catalogue.add_calendar(bytes);
  const auto family = catalogue.check_family(next_nation());
  EXPECT_EQ(to_text(family.findings), "");
  ASSERT_EQ(family.calendars.size(), 3U);
  EXPECT_EQ(catalogue.calendar("nation")->version, 1) << "nothing is added yet";
  catalogue.add_calendars(family.calendars);
  for (const auto* code : {"province", "office"}) {
    const auto before = catalogue.calendar_version(code, 1);
    const auto after = catalogue.calendar(code);
    EXPECT_EQ(after->version, 2) << code;
    EXPECT_EQ(before->windows_on(day("2026-03-17")), one(9, 12));
    EXPECT_TRUE(after->windows_on(day("2026-03-17")).empty());
    EXPECT_EQ(after->windows_on(day("2026-03-03")), one(10, 11)) << "the province's day of work";
    EXPECT_EQ(after->windows_on(day("2026-03-10")), one(9, 12)) << "the province's Tuesday";
    LoadedCatalogue copied;
    EXPECT_EQ(to_text(copied.add_published(FileKind::calendar, after->document)), "");
    EXPECT_EQ(copied.calendar(code)->hash, after->hash);
  }
}

TEST(CalendarFamily, WhatAChildSaysInItsParentsWordsStaysItsOwn) {
  LoadedCatalogue catalogue;
  auto child = nlohmann::ordered_json::parse(kProvince);
  child["weekly"]["monday"] = nlohmann::ordered_json::parse(kNation)["weekly"]["monday"];
  catalogue.add_calendar(kNation);
  catalogue.add_calendar(child.dump());
  auto text = nlohmann::ordered_json::parse(next_nation());
  text["weekly"]["monday"] = nlohmann::ordered_json::parse(
      R"({"processing": [["07:00", "09:00"]], "reception": [["07:00", "09:00"]]})");
  catalogue.add_calendars(catalogue.check_family(text.dump()).calendars);
  EXPECT_EQ(catalogue.calendar("nation")->windows_on(day("2026-03-09")), one(7, 9));
  EXPECT_EQ(catalogue.calendar("province")->windows_on(day("2026-03-09")), one(8, 12));
}

TEST(CalendarFamily, ATextOfAnEarlierReleaseFollowsByWhatItsParentDoesNotSay) {
  LoadedCatalogue catalogue;
  for (const auto* bytes : {kNation, kProvince}) catalogue.add_calendar(bytes);
  auto text = nlohmann::ordered_json::parse(catalogue.calendar("province")->document);
  text.erase("own");
  LoadedCatalogue earlier;
  earlier.add_calendar(kNation);
  ASSERT_EQ(to_text(earlier.add_published(FileKind::calendar, text.dump())), "");
  const auto family = earlier.check_family(next_nation());
  ASSERT_EQ(family.calendars.size(), 2U) << to_text(family.findings);
  EXPECT_EQ(family.calendars[1]->windows_on(day("2026-03-03")), one(10, 11));
  EXPECT_EQ(family.calendars[1]->windows_on(day("2026-03-10")), one(9, 12));
  EXPECT_TRUE(family.calendars[1]->windows_on(day("2026-03-17")).empty());
}

TEST(CalendarFamily, AFolderWithANewerParentIsFollowedAtAStart) {
  LoadedCatalogue catalogue;
  for (const auto* bytes : {kNation, kProvince, kOffice}) catalogue.add_calendar(bytes);
  EXPECT_EQ(to_text(catalogue.follow_parents()), "");
  EXPECT_EQ(catalogue.artifacts().size(), 3U) << "nobody is behind";
  catalogue.add_calendar(next_nation());
  EXPECT_EQ(to_text(catalogue.follow_parents()), "");
  EXPECT_EQ(catalogue.calendar("office")->version, 2);
  EXPECT_EQ(to_text(catalogue.follow_parents()), "");
  EXPECT_EQ(catalogue.artifacts().size(), 6U);
}

TEST(CalendarFamily, AFileThatIsNotFitGivesNoFamily) {
  LoadedCatalogue catalogue;
  catalogue.add_calendar(kNation);
  EXPECT_TRUE(catalogue.check_family("{").calendars.empty());
  EXPECT_TRUE(has_errors(catalogue.check_family(R"({"code": "nation", "version": 2})").findings));
}

}  // namespace
}  // namespace motcua::workflows
