/// Token, idempotency, visibility, role, shape, version, law: the first check that fails gives the answer.
#include "tests/support/harness.hpp"
#include "tests/support/scenario.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace motcua::engine {
namespace {

/// What is wrong with a command; each row fails at its check and at every later one.
struct Wrong {
  const char* name = "";
  RejectionCode expected{};
  bool reused_key = false;
  bool invisible = false;
  bool role = false;
  bool body = false;
  bool form = false;
  bool no_version = false;
  bool stale = false;
};
void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

class OrderOfChecks : public ::testing::TestWithParam<Wrong> {};

TEST_P(OrderOfChecks, TheFirstCheckThatFailsAnswers) {
  const auto& wrong = GetParam();
  Harness office;
  const auto filed = office.file();
  auto by = person("desk-1", {"desk_officer"}, wrong.invisible ? "H15.60.01" : "H15.50.05");
  const std::string key = wrong.reused_key ? "used" : "";
  if (wrong.reused_key) {
    ASSERT_TRUE(office.run(office.filing(by, complete_filing(), key)).has_value());
  }
  if (wrong.role) by.roles = {"case_officer"};
  // The law refuses it in every row: nothing is to be supplied in stage registered.
  auto request =
      office.command(by, filed->state.id, supply({}), wrong.stale ? std::uint64_t{7} : std::uint64_t{1}, key);
  auto& command = std::get<CaseRequest>(request.request);
  if (wrong.form) command.command = CaseCommand{supply({}, {{"no_such_leaf", 1}}), std::nullopt};
  if (wrong.body) command.command = Rejection{RejectionCode::bad_request, "the body has no shape"};
  if (wrong.no_version) command.expected_version = std::nullopt;

  const auto answer = office.run(request);

  ASSERT_TRUE(answer.has_error());
  EXPECT_STREQ(name_of(answer.error().code), name_of(wrong.expected));
  EXPECT_EQ(office.log().size(), wrong.reused_key ? 2U : 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, OrderOfChecks,
    ::testing::Values(
        Wrong{"ReusedKey", RejectionCode::idempotency_key_reused, true, true, true, true, true, true, true},
        Wrong{"Invisible", RejectionCode::not_found, false, true, true, true, true, true, true},
        Wrong{"Role", RejectionCode::role_forbidden, false, false, true, true, true, true, true},
        Wrong{"Shape", RejectionCode::bad_request, false, false, false, true, true, true, true},
        Wrong{"Form", RejectionCode::invalid_data, false, false, false, false, true, true, true},
        Wrong{"NoVersion", RejectionCode::expected_version_missing, false, false, false, false, false, true,
              true},
        Wrong{"Stale", RejectionCode::version_conflict, false, false, false, false, false, false, true},
        Wrong{"Law", RejectionCode::not_allowed}),
    [](const ::testing::TestParamInfo<Wrong>& parameter) { return std::string(parameter.param.name); });

TEST(Visibility, ACaseThatDoesNotExistAndOneThatMayNotBeSeenAnswerAlike) {
  Harness office;
  const auto filed = office.file();
  const auto stranger = person("case-9", {"case_officer"}, "H15.60.01");

  const auto hidden = office.run(office.command(stranger, filed->state.id, claim(), 1));
  const auto absent = office.run(office.command(stranger, CaseId{Id128{9}}, claim(), 1));

  ASSERT_TRUE(hidden.has_error() && absent.has_error());
  EXPECT_EQ(hidden.error().code, RejectionCode::not_found);
  EXPECT_EQ(absent.error().code, RejectionCode::not_found);
  EXPECT_EQ(hidden.error().detail, absent.error().detail);
  EXPECT_EQ(hidden.error().members, absent.error().members);
}

TEST(Visibility, AnUnknownCommandIsRefusedOnlyToWhoSeesTheCase) {
  Harness office;
  const auto filed = office.file();
  for (const auto& by : {desk_officer(), person("desk-9", {"desk_officer"}, "H15.60.01")}) {
    auto request = office.command(by, filed->state.id, LaterCommand{"no_such_command"}, 1);
    auto& command = std::get<CaseRequest>(request.request);
    command.kind = std::nullopt;
    command.command = Rejection{RejectionCode::bad_request, "there is no such command"};

    const auto answer = office.run(request);

    ASSERT_TRUE(answer.has_error());
    const bool sees = by.agency.value == "H15.50.05";
    EXPECT_EQ(answer.error().code, sees ? RejectionCode::bad_request : RejectionCode::not_found);
  }
}

TEST(VersionConflict, SaysWhoMovedTheCaseWhatChangedAndWhatIsAllowed) {
  Harness office;
  const auto filed = office.file();
  office.must(case_officer(), office.must(desk_officer(), filed, ReceiveCase{}), claim());

  const auto answer =
      office.run(office.command(desk_officer(), filed->state.id, RefuseReception{"duplicate"}, 1));

  ASSERT_TRUE(answer.has_error());
  const auto& members = answer.error().members;
  EXPECT_EQ(members.at("expected_version"), 1);
  EXPECT_EQ(members.at("current_version"), 3);
  EXPECT_EQ(members.at("stage"), "in_process");
  ASSERT_EQ(members.at("changed").size(), 2U);
  EXPECT_EQ(members.at("changed")[0].at("type"), "case.received");
  EXPECT_EQ(members.at("changed")[0].at("actor"), "desk-1");
  EXPECT_EQ(members.at("changed")[1].at("actor"), "case-1");
  EXPECT_FALSE(members.at("allowed").empty());
}

TEST(VersionConflict, AVersionFromTheFutureConflicts) {
  Harness office;
  const auto filed = office.file();

  const auto answer = office.run(office.command(desk_officer(), filed->state.id, ReceiveCase{}, 2));

  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, RejectionCode::version_conflict);
}

TEST(Filing, ChecksRoleBeforeShapeAndTheAgencyBeforeTheProcedure) {
  Harness office;
  auto request = office.filing(case_officer());
  std::get<FilingRequest>(request.request).command = Rejection{RejectionCode::bad_request, "no shape"};
  auto answer = office.run(request);
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, RejectionCode::role_forbidden);

  request = office.filing(desk_officer());
  std::get<FilingRequest>(request.request).command = Rejection{RejectionCode::bad_request, "no shape"};
  answer = office.run(request);
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, RejectionCode::bad_request);

  auto unknown = complete_filing();
  unknown.procedure = ProcedureCode("no.such");
  answer = office.run(office.filing(person("desk-1", {"desk_officer"}, "H99"), unknown));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, RejectionCode::role_forbidden);
  answer = office.run(office.filing(desk_officer(), unknown));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, RejectionCode::invalid_data);
  EXPECT_EQ(answer.error().members.at("pointers")[0].at("pointer"), "/procedure");
}

TEST(ClockSuspect, WritesWaitUntilTheClockAgreesAgain) {
  Harness office;
  office.clock().make_suspect(true);
  const auto refused = office.run(office.filing());
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, RejectionCode::clock_suspect);
  EXPECT_EQ(office.store().head().position, 0U);

  office.clock().make_suspect(false);
  EXPECT_TRUE(office.run(office.filing()).has_value());
}

}  // namespace
}  // namespace motcua::engine
