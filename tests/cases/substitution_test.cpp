/// Who may set and end a substitution, for whom, and that none leads back to who is absent.
#include "engine/cases/substitution.hpp"

#include "tests/cases/week.hpp"

#include <gtest/gtest.h>

namespace motcua::engine {
namespace {

constexpr LocalDay kMonday = LocalDay{std::chrono::year{2026} / 3 / 2};
constexpr std::chrono::days kDay{1};

/// H15.50.05 with a third case officer.
Organisation three_officers() {
  auto organisation = office_organisation();
  organisation.agencies[1].officers.push_back({ActorId("case-3"), "case-3", {"case_officer"}, ""});
  return organisation;
}

SetSubstitution leave(const char* absent, const char* substitute, LocalDay from = kMonday,
                      LocalDay until = kMonday + kDay) {
  return {ActorId(absent), ActorId(substitute), from, until, {}};
}

class Table {
 public:
  Result<Substitution> tried(const SetSubstitution& command, const Identity& asker = supervisor()) const {
    const auto organisation = three_officers();
    return decide(substitutions_, command, &organisation, asker, kMonday8h);
  }
  void set(const SetSubstitution& command) {
    auto decided = tried(command);
    ASSERT_TRUE(decided.has_value()) << decided.error().members.dump();
    decided->id = substitutions_.all().size() + 1;
    substitutions_.set(*decided);
  }
  std::string refused_at(const SetSubstitution& command, const Identity& asker = supervisor()) const {
    const auto decided = tried(command, asker);
    if (decided) return "accepted";
    const auto& members = decided.error().members;
    return members.contains("pointers") ? members["pointers"][0]["pointer"].get<std::string>()
                                        : name_of(decided.error().code);
  }
  Substitutions substitutions_{};
};

TEST(SetSubstitution, RunsFromTheFirstDayThroughTheLastForEveryRoleOfTheAbsent) {
  const auto decided = Table().tried(leave("case-1", "case-2"));
  ASSERT_TRUE(decided.has_value());
  EXPECT_EQ(decided->agency, AgencyId("H15.50.05"));
  EXPECT_EQ(decided->roles, std::vector<std::string>{"case_officer"});
  EXPECT_EQ(decided->from, instant_at(kMonday, {}));
  EXPECT_EQ(decided->until, instant_at(kMonday + 2 * kDay, {}));
  EXPECT_EQ(decided->set_by, ActorId("chief-1"));
}

TEST(SetSubstitution, IsForSupervisorsOfTheAgencyOrAbove) {
  const auto command = leave("case-1", "case-2");
  EXPECT_EQ(Table().refused_at(command, person("chief-0", {"supervisor"}, "H15")), "accepted");
  EXPECT_EQ(Table().refused_at(command, person("chief-9", {"supervisor"}, "H15.60.01")), "/absent");
  for (const auto* role : {"case_officer", "signatory", "leader", "admin", "auditor"}) {
    EXPECT_EQ(Table().refused_at(command, person("x", {role})), "role-forbidden") << role;
  }
}

TEST(SetSubstitution, StaysInOneAgencyAndNeedsEveryRoleOfTheAbsent) {
  EXPECT_EQ(Table().refused_at(leave("case-1", "case-9")), "/substitute");
  EXPECT_EQ(Table().refused_at(leave("case-1", "nobody")), "/substitute");
  EXPECT_EQ(Table().refused_at(leave("nobody", "case-1")), "/absent");
  EXPECT_EQ(Table().refused_at(leave("case-1", "sign-1")), "/substitute");
  EXPECT_EQ(Table().refused_at(leave("both-1", "case-1")), "/substitute") << "case-1 is no signatory";
  auto part = leave("both-1", "case-1");
  part.roles = {"case_officer"};
  EXPECT_EQ(Table().refused_at(part), "accepted");
  part.roles = {"case_officer", "supervisor"};
  EXPECT_EQ(Table().refused_at(part), "/roles") << "both-1 is no supervisor";
}

TEST(SetSubstitution, LiesNotInThePastAndEndsNotBeforeItBegins) {
  EXPECT_EQ(Table().refused_at(leave("case-1", "case-2", kMonday + kDay, kMonday)), "/until");
  EXPECT_EQ(Table().refused_at(leave("case-1", "case-2", kMonday - 2 * kDay, kMonday - kDay)), "/until");
  EXPECT_EQ(Table().refused_at(leave("case-1", "case-2", kMonday, kMonday)), "accepted");
}

TEST(SetSubstitution, ClosesNoLoopWhileItsDaysOverlap) {
  EXPECT_EQ(Table().refused_at(leave("case-1", "case-1")), "/substitute");
  Table table;
  table.set(leave("case-1", "case-2", kMonday, kMonday + 2 * kDay));
  EXPECT_EQ(table.refused_at(leave("case-2", "case-1", kMonday + 2 * kDay, kMonday + 4 * kDay)),
            "/substitute");
  EXPECT_EQ(table.refused_at(leave("case-2", "case-1", kMonday + 3 * kDay, kMonday + 4 * kDay)), "accepted");
  table.set(leave("case-2", "case-3", kMonday, kMonday + kDay));
  const auto loop = table.tried(leave("case-3", "case-1"));
  ASSERT_TRUE(loop.has_error());
  EXPECT_EQ(loop.error().members["loop"], nlohmann::json::array({"case-3", "case-1", "case-2", "case-3"}));
  EXPECT_EQ(table.refused_at(leave("case-3", "case-1", kMonday + 2 * kDay, kMonday + 2 * kDay)), "accepted")
      << "on that day case-2 is there";
}

TEST(EndSubstitution, IsForSupervisorsOnceAndForWhatIsNotOver) {
  Table table;
  table.set(leave("case-1", "case-2"));
  const auto& all = table.substitutions_;
  const auto code = [&](std::uint64_t id, const Identity& asker, Instant now) {
    const auto decided = decide(all, EndSubstitution{id}, asker, now);
    return decided ? "accepted" : std::string(name_of(decided.error().code));
  };
  EXPECT_EQ(code(1, supervisor(), kMonday8h), "accepted");
  EXPECT_EQ(code(2, supervisor(), kMonday8h), "invalid-data");
  EXPECT_EQ(code(1, case_officer(), kMonday8h), "role-forbidden");
  EXPECT_EQ(code(1, person("chief-9", {"supervisor"}, "H15.60.01"), kMonday8h), "invalid-data");
  EXPECT_EQ(code(1, supervisor(), kThursday8h), "not-allowed");
  table.substitutions_.end(1, ActorId("chief-1"), kMonday8h);
  EXPECT_EQ(code(1, supervisor(), kMonday10h), "not-allowed");
  EXPECT_EQ(table.refused_at(leave("case-2", "case-1", kMonday, kMonday)), "accepted")
      << "what is over closes no loop";
}

TEST(MaySee, ASubstitutionIsTheAgencysOwnItsSupervisorsAndTheAuditors) {
  Substitution one;
  one.agency = AgencyId("H15.50.05");
  EXPECT_TRUE(may_see(case_officer(), one));
  EXPECT_TRUE(may_see(person("chief-0", {"supervisor"}, "H15"), one));
  EXPECT_TRUE(may_see(person("audit-1", {"auditor"}, "H99"), one));
  EXPECT_FALSE(may_see(person("case-9", {"case_officer"}, "H15.60.01"), one));
  EXPECT_FALSE(may_see(person("case-0", {"case_officer"}, "H15"), one));
  EXPECT_FALSE(may_see(person("int-1", {"integrator"}), one));
  EXPECT_FALSE(may_see(person("portal-1", {"portal"}), one));
}

}  // namespace
}  // namespace motcua::engine
