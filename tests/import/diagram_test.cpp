#include "workflows/diagram/diagram.hpp"

#include "tests/import/support.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>

namespace motcua::workflows {
namespace {

Json document_of(const std::string& text) { return parse_located(text, "it").document; }
Json awkward() { return document_of(data_file("awkward.json")); }

void expect_golden(const std::string& drawn, const std::string& name) {
  const std::string path = std::string(SOURCE_DIR) + "/tests/import/data/golden/" + name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << drawn;
  EXPECT_EQ(drawn, data_file("golden/" + name)) << "review the difference, then run with UPDATE_GOLDEN=1";
}

const WayCounts& some_counts() {
  static const WayCounts counts{{{"1st", "go", 0}, 12}, {{"1st", "go", 1}, 3}, {{"a.b", "done", 0}, 12}};
  return counts;
}

TEST(Diagram, DrawsCompoundAndParallelStatesAwkwardWordsAndCounts) {
  const auto chart = chart_of(awkward(), {"vi", &some_counts()});
  expect_golden(to_mermaid(chart), "awkward.mmd");
  expect_golden(to_scxml(chart), "awkward.scxml");
  expect_golden(to_dot(chart), "awkward.dot");
}

TEST(Diagram, DrawsAnImportedProcedureInEnglish) {
  const auto report = digit_report("FSM--01");
  const auto chart = chart_of(report.procedures.at(0).document, {"en", nullptr});
  expect_golden(to_mermaid(chart), "fsm.mmd");
  expect_golden(to_scxml(chart), "fsm.scxml");
}

TEST(Diagram, WithoutCountsNoArrowHasANumberAndWithThemEachHas) {
  for (const auto& way : chart_of(awkward()).ways) EXPECT_EQ(words_on(way).find("×"), std::string::npos);
  std::map<std::string, std::uint64_t> counted;
  for (const auto& way : chart_of(awkward(), {"vi", &some_counts()}).ways) {
    ASSERT_TRUE(way.count.has_value());
    counted[way.name.state + " " + way.name.event + " " + std::to_string(way.name.ordinal)] = *way.count;
    EXPECT_NE(words_on(way).find("×" + std::to_string(*way.count)), std::string::npos);
  }
  EXPECT_EQ(counted.at("1st go 0"), 12U);
  EXPECT_EQ(counted.at("1st go 1"), 3U);
  EXPECT_EQ(counted.at("a_b ready 0"), 0U) << "not counted is never taken";
}

TEST(Diagram, LabelsAreInTheLanguageAskedForElseInTheOther) {
  const auto english = chart_of(awkward(), {"en", nullptr});
  EXPECT_EQ(english.states.at(0).label, "Check");
  EXPECT_EQ(english.states.back().label, "Kết thúc");
  EXPECT_EQ(english.title, "Awkward");
}

/// Ids of states and, for each, the targets of its transitions.
using Ways = std::map<std::string, std::multiset<std::string>>;

Ways ways_of(const Chart& chart) {
  Ways ways;
  for (const auto& state : chart.states) ways[state.name];
  for (const auto& way : chart.ways) ways[way.name.state].insert(chart.states[way.target].name);
  return ways;
}

void read_states(const pugi::xml_node& parent, std::map<std::string, std::string>& names) {
  for (const auto& child : parent.children()) {
    const std::string_view kind = child.name();
    if (kind != "state" && kind != "parallel" && kind != "final") continue;
    const std::string id = child.attribute("id").value();
    const auto own = child.attribute("motcua:name");
    EXPECT_TRUE(names.emplace(id, own ? own.value() : id).second) << "twice: " << id;
    read_states(child, names);
  }
}

void read_ways(const pugi::xml_node& parent, const std::map<std::string, std::string>& names, Ways& ways) {
  for (const auto& child : parent.children()) {
    const auto found = names.find(child.attribute("id").value());
    if (found == names.end()) continue;
    ways[found->second];
    for (const auto& way : child.children("transition")) {
      ways[found->second].insert(names.at(way.attribute("target").value()));
    }
    read_ways(child, names, ways);
  }
}

/// What another program reads in the SCXML is the machine that was written, for every shipped procedure too.
TEST(Scxml, IsWellFormedAndSaysTheWholeMachine) {
  std::vector<Json> documents{awkward()};
  for (const auto name : kDigitFiles) documents.push_back(digit_report(name).procedures.at(0).document);
  documents.push_back(bpmn_report("permit.bpmn").procedures.at(0).document);
  for (const auto& document : documents) {
    const auto chart = chart_of(document);
    const auto text = to_scxml(chart);
    pugi::xml_document xml;
    const auto outcome = xml.load_buffer(text.data(), text.size());
    ASSERT_TRUE(outcome) << outcome.description() << "\n" << text;
    const auto root = xml.child("scxml");
    std::map<std::string, std::string> names;
    read_states(root, names);
    Ways ways;
    read_ways(root, names, ways);
    EXPECT_EQ(ways, ways_of(chart));
    EXPECT_EQ(names.at(root.attribute("initial").value()), chart.states[chart.initial].name);
  }
}

TEST(Scxml, KeepsEveryByteOfAwkwardWords) {
  const auto text = to_scxml(chart_of(awkward()));
  pugi::xml_document xml;
  ASSERT_TRUE(xml.load_buffer(text.data(), text.size()));
  const auto first = xml.child("scxml").child("state");
  EXPECT_EQ(std::string(first.attribute("motcua:label").value()),
            "Kiểm tra: \"đủ\" & <đúng>; 100% {x} hai dòng `mã` \\E");
  const auto guard = std::string(first.child("transition").attribute("motcua:guard").value());
  EXPECT_EQ(document_of(guard), awkward()["machine"]["states"]["1st"]["on"]["go"][0]["guard"]);
}

/// The elements of SCXML by which a timer of `unit` runs.
std::string timer_in_scxml(const std::string& amount, const std::string& unit) {
  const auto document = document_of(R"({"machine": {"initial": "a-1", "states": {
    "a-1": {"after": {"amount": )" + amount +
                                    R"(, "unit": ")" + unit + R"(", "transitions": [
              {"target": "b", "guard": {"var": "data.x"}, "label": {"vi": "Nếu"}}, {"target": "a-1"}]},
            "on": {"go": [{"target": "b"}]}},
    "b": {"type": "final"}}}})");
  const auto text = to_scxml(chart_of(document));
  pugi::xml_document xml;
  EXPECT_TRUE(xml.load_buffer(text.data(), text.size())) << text;
  const auto state = xml.child("scxml").child("state");
  const std::string after = amount + " " + unit;
  int by_timer = 0;
  for (const auto& way : state.children("transition")) {
    if (std::string_view(way.attribute("event").value()) == "go") continue;
    EXPECT_STREQ(way.attribute("event").value(), "after.a-1");
    EXPECT_EQ(std::string(way.attribute("motcua:after").value()), after);
    ++by_timer;
  }
  EXPECT_EQ(by_timer, 2) << text;
  const auto send = state.child("onentry").child("send");
  if (!send) return state.child("onexit") ? "only cancelled" : "a note";
  EXPECT_STREQ(send.attribute("event").value(), "after.a-1");
  EXPECT_STREQ(state.child("onexit").child("cancel").attribute("sendid").value(),
               send.attribute("id").value());
  return send.attribute("delay").value();
}

TEST(Scxml, SendsTimersInDaysCancelsThemOnLeavingAndNotesTheOthers) {
  EXPECT_EQ(timer_in_scxml("3", "calendar_day"), "3d");
  EXPECT_EQ(timer_in_scxml("3", "working_day"), "a note");
  EXPECT_EQ(timer_in_scxml("3", "working_hour"), "a note");
  EXPECT_EQ(timer_in_scxml("3", "month"), "a note");
  EXPECT_EQ(timer_in_scxml("-3", "calendar_day"), "a note");
}

/// Every arrow of Mermaid stands between states that were declared, one line each, and none is forged by a
/// label.
TEST(Mermaid, HasOneArrowForEachWayAndForgesNone) {
  std::vector<Json> documents{awkward()};
  for (const auto name : kDigitFiles) documents.push_back(digit_report(name).procedures.at(0).document);
  for (const auto& document : documents) {
    const auto chart = chart_of(document);
    std::set<std::string> declared{"[*]"};
    std::size_t arrows = 0;
    std::istringstream lines(to_mermaid(chart));
    for (std::string line; std::getline(lines, line);) {
      line.erase(0, line.find_first_not_of(' '));
      if (const auto as = line.rfind("\" as "); as != std::string::npos) declared.insert(line.substr(as + 5));
      const auto arrow = line.find(" --> ");
      const auto colon = line.find(" : ");
      if (arrow == std::string::npos || colon < arrow) continue;
      const auto target = line.substr(arrow + 5, colon - arrow - 5);
      EXPECT_EQ(declared.count(line.substr(0, arrow)), 1U) << line;
      EXPECT_EQ(declared.count(target), 1U) << line;
      if (colon != std::string::npos) ++arrows;
    }
    EXPECT_EQ(arrows, chart.ways.size());
  }
}

TEST(WayCountsFile, IsReadAndAddedUp) {
  auto located = parse_located(
      R"([{"state": "a", "event": "go", "count": 2}, {"state": "a", "event": "go", "count": 3},
          {"state": "a", "event": "go", "ordinal": 1, "count": 1}])",
      "counts.json");
  EXPECT_EQ(read_counts(located), (WayCounts{{{"a", "go", 0}, 5}, {{"a", "go", 1}, 1}}));
  for (const char* wrong :
       {"{}", R"([{"state": "a", "count": 1}])", R"([{"state": "a", "event": "b", "count": -1}])",
        R"([{"state": "a", "event": "b", "count": "1"}])", "[7]"}) {
    auto refused = parse_located(wrong, "counts.json");
    static_cast<void>(read_counts(refused));
    ASSERT_EQ(refused.findings.size(), 1U) << wrong;
    EXPECT_EQ(refused.findings[0].rule, "counts-shape");
  }
}

TEST(Chart, OfADocumentOfAnyShapeIsDrawnOrEmpty) {
  for (const char* text :
       {"null", "7", "[]", "{}", R"({"machine": 1})", R"({"machine": {"states": {}}})",
        R"({"machine": {"states": {"a": 1}}})",
        R"({"machine": {"initial": "x", "states": {"a": {"on": {"e": [1, {"target": 2}]}}}}})",
        R"({"machine": {"states": {"a": {"type": "parallel", "states": {"b": {"states": {}}}}}}})"}) {
    const auto chart = chart_of(document_of(text));
    EXPECT_FALSE(to_mermaid(chart).empty()) << text;
    EXPECT_FALSE(to_dot(chart).empty()) << text;
    pugi::xml_document xml;
    const auto scxml = to_scxml(chart);
    EXPECT_TRUE(xml.load_buffer(scxml.data(), scxml.size())) << text;
  }
}

}  // namespace
}  // namespace motcua::workflows
