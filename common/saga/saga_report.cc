#include "common/saga/saga_report.h"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/utc_text.h"
#include "common/status/try.h"

namespace usher::saga {
namespace {

constexpr int64_t kMostLines = 1000;

using Line = std::array<std::string, 9>;

std::string InSeconds(absl::Duration duration) {
  return absl::FormatDuration(absl::Trunc(duration, absl::Seconds(1)));
}

std::string LeaseOf(const UnderWay& saga) {
  if (saga.lease <= absl::ZeroDuration()) return "free";
  return absl::StrCat(saga.holder.empty() ? "somebody" : saga.holder, " for ",
                      InSeconds(saga.lease));
}

Line LineOf(const UnderWay& saga, const Names& names) {
  // Of what clients chose only the ID of the request is here, which the gate takes only when all of
  // it is printable.
  return {NameOf(names.kinds, saga.kind),
          saga.subject.id,
          saga.subject.company.value(),
          NameOf(names.states, saga.state),
          UtcText(saga.since),
          InSeconds(saga.age),
          absl::StrCat(saga.attempts),
          LeaseOf(saga),
          absl::StrCat(saga.rpc, " ", saga.request_id)};
}

}  // namespace

std::string TableOf(const std::vector<UnderWay>& sagas, const Names& names) {
  std::vector<Line> lines = {
      {"KIND", "ID", "COMPANY", "STATE", "SINCE", "AGE", "ATTEMPTS", "LEASE", "REQUEST"}};
  for (const UnderWay& saga : sagas) lines.push_back(LineOf(saga, names));
  std::array<size_t, std::tuple_size<Line>::value> widths{};
  for (const Line& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string table;
  for (const Line& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      const bool last = i + 1 == line.size();
      absl::StrAppend(&table, line[i],
                      last ? "\n" : std::string(widths[i] - line[i].size() + 2, ' '));
    }
  }
  return table;
}

absl::Status PrintSagas(const db::PoolOptions& options, std::vector<db::Migration> own,
                        const Names& names) {
  ASSIGN_OR_RETURN(const std::unique_ptr<db::Pool> pool, db::Pool::Open(options));
  RETURN_IF_ERROR(db::RequireCurrentSchema(*pool, db::WithShared(std::move(own))));
  CallContext call;
  call.rpc = "saga.list";
  call.request_id = "saga-list";
  call.deadline = absl::Now() + absl::Seconds(10);
  ASSIGN_OR_RETURN(const std::vector<UnderWay> sagas, ListSagas(call, *pool, kMostLines));
  std::cout << TableOf(sagas, names);
  if (sagas.size() == kMostLines) std::cout << "These are the oldest; there may be more.\n";
  std::cout << std::flush;
  return absl::OkStatus();
}

}  // namespace usher::saga
