// The audit as it is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/auth/audit/refusals.h"

namespace usher::auth {

// What a row is about. The numbers are those of audit_kind() in the migrations and of
// usher.audit.v1.Kind.
enum class AuditKind {
  kSignIn = 1,
  kRefresh = 2,
  kSessionEnd = 3,
  kMethod = 4,  // a method, or a user as a whole
  kCompany = 5,
  kReset = 6,
  kMail = 7,
  kKey = 8,
  kInvitation = 9,
};
inline constexpr int kLastAuditKind = 9;

// Where a page of the audit begins: behind this row.
struct AuditPlace {
  absl::Time at;
  int64_t sequence = 0;
};

struct AuditEntry {
  AuditPlace place;
  CompanyId company;
  UserId actor;  // empty: nobody who had signed in
  AuditKind kind = AuditKind::kMethod;
  std::string object;  // "user 0190...", "session 0190..."
  std::string detail;
  int outcome = 0;  // common.ReplyStatusCode
  std::string rpc;
  std::string request_id;
  std::string peer;
};

// All of it has to hold; what is empty lets everything pass.
struct AuditFilter {
  CompanyId company;  // empty: of all companies
  absl::Time from = absl::UnixEpoch();
  absl::Time until = absl::InfiniteFuture();  // exclusive; infinite: now
  UserId actor;
  std::string subject;  // the ID of a user, session or company
  std::vector<int> kinds;
  std::vector<int> outcomes;
  std::optional<AuditPlace> behind;
  uint32_t limit = 100;
};

// A refusal, and the call that it was answered to.
struct RefusalRow {
  Refusal refusal;
  UserId actor;
  std::string rpc;
  std::string request_id;
  std::string peer;
  int64_t times = 1;
};

// Thread-safe. Errors: sql_error.h.
class AuditStore {
 public:
  virtual ~AuditStore() = default;

  // The newest first.
  virtual absl::StatusOr<std::vector<AuditEntry>> List(const CallContext& call,
                                                       const AuditFilter& filter) = 0;
  // Dated now: rows are read in the order in which they came to stand here.
  virtual absl::Status Insert(const CallContext& call, const std::vector<RefusalRow>& rows) = 0;
};

}  // namespace usher::auth
