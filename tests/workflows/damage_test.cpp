// Files that somebody damaged, on purpose or not.
#include "tests/workflows/support.hpp"
#include "workflows/loader/lint.hpp"
#include "workflows/loader/loaded_catalogue.hpp"
#include "workflows/loader/located_json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace motcua::workflows {
namespace {

/// A place somewhere in `value`: members and elements followed at random.
Json& random_place(Json& value) {
  Json* at = &value;
  for (int steps = *rc::gen::element(1, 2, 3, 4, 6, 9); steps > 0 && at->is_structured() && !at->empty();
       --steps) {
    auto next = at->begin();
    std::advance(next, *rc::gen::inRange<std::size_t>(0, at->size()));
    at = &*next;
  }
  return *at;
}

Json random_value() {
  return *rc::gen::element(
      Json(nullptr), Json(true), Json(0), Json(-7), Json(1.5), Json(""), Json("appraisal"), Json("/child"),
      Json::array(), Json::object(), Json::array({1, "x"}), Json{{"vi", 1}}, Json{{"type", "object"}},
      Json{{"var", Json::array()}},
      Json{{"type", "array"}, {"items", {{"type", "object"}, {"properties", {{"a", 1}}}}}});
}

void damage(Json& document) {
  Json& place = random_place(document);
  const int how = *rc::gen::element(0, 1, 2, 3);
  if (how == 0 && place.is_object() && !place.empty()) {
    place.erase(place.begin());
  } else if (how == 1) {
    Json copy = random_place(document);
    random_place(document) = copy;
  } else if (how == 2 && place.is_array()) {
    place.push_back(random_value());
  } else {
    place = random_value();
  }
}

void try_everything(FileKind kind, const std::string& bytes) {
  const auto findings = lint_bytes(kind, bytes, "damaged");
  LoadedCatalogue catalogue;
  const auto added = kind == FileKind::procedure  ? catalogue.add_procedure(bytes)
                     : kind == FileKind::calendar ? catalogue.add_calendar(bytes)
                                                  : catalogue.add_organisation(bytes);
  RC_ASSERT(has_errors(added) == has_errors(findings));
  RC_ASSERT(has_errors(added) == catalogue.artifacts().empty());
  LoadedCatalogue lenient;
  const auto replayed = lenient.add_published(kind, bytes);
  RC_ASSERT(has_errors(replayed) == lenient.artifacts().empty());
  RC_CLASSIFY(!has_errors(findings), "still sound");
}

void check_damaged(FileKind kind, const char* file) {
  Json document = Json::parse(source_file(file));
  for (int times = *rc::gen::element(1, 2, 5); times > 0; --times) {
    damage(document);
  }
  try_everything(kind, document.dump());
}

RC_GTEST_PROP(DamagedFile, AProcedureIsLoadedOrGivesErrors, ()) {
  check_damaged(FileKind::procedure, "workflows/catalogue/1.001193/procedure.json");
}

TEST(DamagedFile, AFeeThatIsNoObjectGivesErrorsAlsoWhereItWasPublished) {
  Json document = Json::parse(source_file("workflows/catalogue/1.001193/procedure.json"));
  document["fees"] = Json::array({"appraisal"});
  try_everything(FileKind::procedure, document.dump());
}

RC_GTEST_PROP(DamagedFile, ACalendarIsLoadedOrGivesErrors, ()) {
  check_damaged(FileKind::calendar, "workflows/calendars/vn.json");
}

RC_GTEST_PROP(DamagedFile, AnOrganisationIsLoadedOrGivesErrors, ()) {
  check_damaged(FileKind::organisation, "workflows/organisation/dak-lak.json");
}

RC_GTEST_PROP(DamagedFile, BytesOverwrittenAnywhereNeverEndTheProcess, ()) {
  std::string bytes = source_file("workflows/catalogue/1.001193/procedure.json");
  for (int times = *rc::gen::element(1, 2, 9); times > 0; --times) {
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = *rc::gen::element('"', '{', '}', '[', ']', ',', '0', '\\', '\xff', '\0', '\n', 'e');
  }
  try_everything(FileKind::procedure, bytes);
}

}  // namespace
}  // namespace motcua::workflows
