#include "bench/store/report.hpp"

#include "bench/store/folder.hpp"
#include "bench/store/measure.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <ostream>

namespace motcua::bench {
namespace {

using nlohmann::ordered_json;

/// Measures one folder, round after round.
class Rounds {
 public:
  Rounds(const MeasureOptions& options, const Wanted& wanted)
      : options_(options),
        wanted_(wanted),
        store_(must(storage::RocksdbEventStore::open(options.data, storage::OpenMode::read_only))),
        raw_(options.data, "records"),
        survey_(survey(*store_)) {
    if (wanted.travel && survey_.lengthy.empty())
      throw std::runtime_error("no case of the folder has 100 events");
  }

  void run_once(bool counts) {
    if (wanted_.scan) note("scan", scan(raw_), counts);
    if (wanted_.replay) note("replay", replay(*store_), counts);
    if (wanted_.rebuild) {
      auto pass = rebuild(*store_);
      pass.records = survey_.records;
      pass.cases = survey_.cases;
      note("rebuild", pass, counts);
    }
    if (!wanted_.travel) return;
    const auto medians = travel(*store_, survey_.lengthy, options_.reads, options_.seed++);
    if (!counts) return;
    report_["travel"]["case_us"].push_back(medians.case_us);
    report_["travel"]["point_us"].push_back(medians.point_us);
  }

  ordered_json finish() {
    report_["cases"] = survey_.cases;
    report_["records"] = survey_.records;
    if (wanted_.replay) report_["state_hash"] = engine::to_hex(survey_.states);
    return std::move(report_);
  }

 private:
  void note(const char* name, const Pass& pass, bool counts) {
    if (!counts) return;
    auto& into = report_[name];
    into["records_per_second"].push_back(pass.records_per_second());
    if (pass.cases != 0) into["cases_per_second"].push_back(pass.cases_per_second());
    if (pass.rows != 0) into["rows"] = pass.rows;
  }

  MeasureOptions options_;
  Wanted wanted_;
  std::unique_ptr<storage::RocksdbEventStore> store_;
  RawTable raw_;
  Survey survey_;
  ordered_json report_ = ordered_json::object();
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print(const ordered_json& report, std::ostream& out) {
  const auto middle = [&](const char* name, const char* figure) {
    return median(report.at(name).at(figure).get<std::vector<double>>());
  };
  out << report.at("cases") << " cases, " << report.at("records") << " records\n";
  for (const auto* name : {"scan", "replay", "rebuild"}) {
    if (!report.contains(name)) continue;
    out << name << ": " << static_cast<std::uint64_t>(middle(name, "records_per_second")) << " records/s";
    if (report.at(name).contains("cases_per_second")) {
      out << ", " << static_cast<std::uint64_t>(middle(name, "cases_per_second")) << " cases/s";
    }
    if (report.contains("scan")) {
      out << ", " << middle(name, "records_per_second") / middle("scan", "records_per_second") << " of scan";
    }
    out << '\n';
  }
  if (report.contains("travel")) {
    const auto one = middle("travel", "case_us");
    const auto point = middle("travel", "point_us");
    out << "travel: " << one << " us a case, " << point << " us a point read, " << one / point
        << " of them\n";
  }
  if (report.contains("state_hash")) out << "states " << report.at("state_hash").get<std::string>() << '\n';
}

}  // namespace

void measure(const MeasureOptions& options, const Wanted& wanted, std::ostream& out) {
  Rounds rounds(options, wanted);
  for (std::size_t i = 0; i <= options.repetitions; ++i) rounds.run_once(i != 0);
  const auto report = rounds.finish();
  if (options.json) {
    out << report.dump() << '\n';
  } else {
    print(report, out);
  }
}

}  // namespace motcua::bench
