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

CommandRequest confirmation(Harness& office, const Identity& by, const std::string& key = "once") {
  auto request = office.filing(by, complete_filing(), key);
  request.request = ClockRequest{std::string("đã so với đồng hồ bưu điện")};
  return request;
}

TEST(ClockConfirmation, IsAcceptedInDoubtRecordedOnceAndLetsWritesGoOn) {
  Harness office;
  ASSERT_TRUE(office.run(office.filing()).has_value());
  office.clock().advance(std::chrono::hours{24 * 365});
  office.clock().make_suspect(true);

  const auto done = office.run(confirmation(office, person("admin-1", {"admin"})));
  ASSERT_TRUE(done.has_value());
  ASSERT_NE(done->confirmation, nullptr);
  EXPECT_EQ(done->confirmation->reading.now, office.clock().now());
  const auto record = office.log().back();
  EXPECT_EQ(record.stream, system_stream());
  EXPECT_EQ(record.type, "clock.confirmed");
  EXPECT_EQ(record.public_bytes.find("đồng hồ"), std::string::npos);
  ASSERT_EQ(record.sealed.size(), 1U);
  const auto read = read_confirmation(record);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(**read, *done->confirmation);
  const auto said = office.keys().open({record.stream, record.version, record.type}, record.sealed.front());
  ASSERT_TRUE(said.has_value() && *said);
  EXPECT_EQ(**said, R"({"reason":"đã so với đồng hồ bưu điện"})");

  EXPECT_TRUE(office.run(office.filing()).has_value());
  office.restart();
  const auto again = office.run(confirmation(office, person("admin-1", {"admin"})));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(*again->confirmation, *done->confirmation);
  EXPECT_EQ(office.log().size(), 3U);
}

TEST(ClockConfirmation, HasTheseBytesForEver) {
  const ClockReading reading{kMonday8h + std::chrono::hours{1}, ClockDoubt{ClockFault::jumped, kMonday8h}};
  EXPECT_EQ(public_text({reading, ActorId("admin-1"), kMonday8h}),
            R"({"expected_at":1772413200000000,"fault":"jumped","wall_at":1772416800000000})");
  EXPECT_STREQ(name_of(ClockFault::before_last_record), "before_last_record");
  EXPECT_STREQ(name_of(ClockFault::long_after_record), "long_after_record");
}

TEST(ClockConfirmation, AnotherTypeOrAMalformedPayloadOfTheSystemIsAFault) {
  Record record;
  record.type = kClockConfirmedType;
  for (const auto* payload : {"", "{}", "[]", R"({"expected_at":1,"fault":"late","wall_at":2})"}) {
    record.public_bytes = payload;
    EXPECT_TRUE(read_confirmation(record).has_error()) << payload;
  }
  record.public_bytes = R"({"expected_at":1,"fault":"jumped","wall_at":2})";
  EXPECT_TRUE(read_confirmation(record).has_value());
  record.type_version = 2;
  EXPECT_TRUE(read_confirmation(record).has_error());
}

TEST(ClockConfirmation, ASecondOneContinuesTheStreamAlsoAfterARestart) {
  Harness office;
  const auto admin = person("admin-1", {"admin"});
  for (const auto* key : {"first", "second", "third"}) {
    office.clock().make_suspect(true);
    ASSERT_TRUE(office.run(confirmation(office, admin, key)).has_value());
    if (key == std::string("second")) office.restart();
  }
  EXPECT_EQ(office.log().back().version, 3U);
}

TEST(ClockConfirmation, OfATimeBeforeTheLastRecordHoldsRecordedAtAndIsWhatTheNextStartComparesWith) {
  Harness office;
  ASSERT_TRUE(office.run(office.filing()).has_value());
  const auto confirmed = kMonday8h - std::chrono::hours{1};
  office.clock().set(confirmed);
  office.clock().make_suspect(true);
  ASSERT_TRUE(office.run(confirmation(office, person("admin-1", {"admin"}))).has_value());
  ASSERT_TRUE(office.run(office.filing()).has_value());

  EXPECT_EQ(office.log().back().recorded_at, kMonday8h);
  EXPECT_EQ(office.log().back().occurred_at, confirmed);
  EXPECT_EQ(*last_trusted_wall(office.store()), confirmed);

  office.clock().set(kMonday8h + std::chrono::hours{1});
  ASSERT_TRUE(office.run(office.filing()).has_value());
  EXPECT_EQ(*last_trusted_wall(office.store()), office.clock().now());
}

TEST(ClockConfirmation, IsForAdministratorsAndForAClockInDoubt) {
  Harness office;
  office.clock().make_suspect(true);
  for (const auto* role : {"desk_officer", "supervisor", "leader", "auditor", "integrator", "portal"}) {
    const auto refused = office.run(confirmation(office, person("x-1", {role})));
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().code, RejectionCode::role_forbidden) << role;
  }
  office.clock().make_suspect(false);
  const auto needless = office.run(confirmation(office, person("admin-1", {"admin"})));
  ASSERT_TRUE(needless.has_error());
  EXPECT_EQ(needless.error().code, RejectionCode::not_allowed);
  EXPECT_TRUE(office.log().empty());
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
