#include "services/auth/audit/audit_wire.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/rpc/id_wire.h"
#include "common/rpc/page_limit.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"

namespace usher::auth {
namespace {

namespace audit_wire = ::usher::audit::v1;

// What PostgreSQL and absl::Time both reckon with: the year 9999.
constexpr int64_t kLastSecond = 253402300799;

absl::StatusOr<absl::Time> TimeFromWire(absl::string_view field, int64_t seconds) {
  if (seconds < 0 || seconds > kLastSecond) {
    return FieldOutOfRange(field, "is no time since 1970 in seconds");
  }
  return absl::FromUnixSeconds(seconds);
}

// "1764115200000000.42": when the last entry of the page before was, and its number.
absl::StatusOr<AuditPlace> PlaceFromWire(const std::string& page) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(page, absl::MaxSplits('.', 1));
  int64_t micros = 0;
  int64_t sequence = 0;
  if (page.size() > 64 || !absl::SimpleAtoi(parts.first, &micros) ||
      !absl::SimpleAtoi(parts.second, &sequence) || micros < 0 ||
      micros / 1'000'000 > kLastSecond) {
    return FieldMalformed("page", "is no next_page of ours");
  }
  return AuditPlace{absl::FromUnixMicros(micros), sequence};
}

std::string ToWire(const AuditPlace& place) {
  return absl::StrCat(absl::ToUnixMicros(place.at), ".", place.sequence);
}

void ToWire(const AuditEntry& entry, audit_wire::Entry* to) {
  to->set_at_micros(absl::ToUnixMicros(entry.place.at));
  to->set_company_id(entry.company.value());
  to->set_actor(entry.actor.value());
  to->set_kind(static_cast<audit_wire::Kind>(entry.kind));
  to->set_object(entry.object);
  to->set_detail(entry.detail);
  to->set_outcome(static_cast<::common::ReplyStatusCode>(entry.outcome));
  to->set_rpc(entry.rpc);
  to->set_request_id(entry.request_id);
  to->set_source(entry.peer);
}

absl::Status ReadLists(const audit_wire::ListRequest& request, AuditFilter* filter) {
  RETURN_IF_ERROR(text::CheckCount("kinds", request.kinds_size()));
  for (const int kind : request.kinds()) {
    if (kind < 1 || kind > kLastAuditKind) {
      return FieldMalformed("kinds", absl::StrCat(kind, " is no kind"));
    }
    filter->kinds.push_back(kind);
  }
  RETURN_IF_ERROR(text::CheckCount("outcomes", request.outcomes_size()));
  for (const int outcome : request.outcomes()) {
    if (!::common::ReplyStatusCode_IsValid(outcome)) {
      return FieldMalformed("outcomes", absl::StrCat(outcome, " is no code"));
    }
    filter->outcomes.push_back(outcome);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AuditWish> FromWire(const audit_wire::ListRequest& request) {
  AuditWish wish;
  wish.company = OptionalCompanyIdFromWire(request.company_id());
  wish.all_companies = request.all_companies();
  AuditFilter& filter = wish.filter;
  ASSIGN_OR_RETURN(filter.from, TimeFromWire("from", request.from()));
  if (request.until() != 0) {
    ASSIGN_OR_RETURN(filter.until, TimeFromWire("until", request.until()));
    if (filter.until < filter.from) return FieldOutOfRange("until", "is before `from`");
  }
  if (!request.actor().empty()) {
    ASSIGN_OR_RETURN(filter.actor, ParseUserId("actor", request.actor()));
  }
  ASSIGN_OR_RETURN(filter.subject, text::OptionalName("subject", request.subject()));
  RETURN_IF_ERROR(ReadLists(request, &filter));
  ASSIGN_OR_RETURN(filter.limit, PageLimitFromWire(request.limit()));
  if (!request.page().empty()) {
    ASSIGN_OR_RETURN(filter.behind, PlaceFromWire(request.page()));
  }
  return wish;
}

absl::Status ToWire(const AuditPage& page, audit_wire::ListReply* reply) {
  for (const AuditEntry& entry : page.entries) ToWire(entry, reply->add_entries());
  if (page.next.has_value()) reply->set_next_page(ToWire(*page.next));
  return rpc::HoldToLargest(rpc::ReplyTooLarge("ask for fewer entries with limit"), reply);
}

}  // namespace usher::auth
