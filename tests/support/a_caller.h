// Builder of callers for tests: ACaller().With({Permission::kRoomAdmin}).In("acme").Build().
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/access/caller.h"
#include "common/base/id.h"

namespace usher {

// The caller that ACaller() makes when nothing else is said.
inline constexpr char kCallerId[] = "01900000-0000-7000-8000-000000000001";
inline constexpr char kCallerCompany[] = "acme";

// A user of "acme" without permissions, unless told otherwise. Converts to Caller by itself.
class ACaller {
 public:
  ACaller() {
    token_.user = UserId(kCallerId);
    token_.company = CompanyId(kCallerCompany);
    token_.session = SessionId("01900000-0000-7000-8000-0000000000aa");
    token_.token_id = "01900000-0000-7000-8000-0000000000bb";
    token_.issued_at = absl::UnixEpoch();
    token_.not_before = absl::UnixEpoch();
    token_.expires_at = absl::FromUnixSeconds(int64_t{1} << 40);
    call_.rpc = "test.call";
    call_.request_id = "test-request";
    call_.peer = "127.0.0.1";
  }

  // Adds to the permissions named before.
  ACaller& With(PermissionSet permissions) {
    token_.permissions = token_.permissions.Or(permissions);
    return *this;
  }
  ACaller& With(Permission permission) { return With(PermissionSet{permission}); }
  ACaller& In(absl::string_view company) {
    token_.company = CompanyId(std::string(company));
    return *this;
  }
  ACaller& In(const CompanyId& company) { return In(company.value()); }
  ACaller& As(const UserId& user) {
    token_.user = user;
    return *this;
  }
  ACaller& As(absl::string_view user) { return As(UserId(std::string(user))); }
  ACaller& AsGuest(absl::string_view display_name = "Unnamed guest") {
    token_.guest = true;
    token_.display_name = std::string(display_name);
    return *this;
  }
  // A guest of a shareable access: rooms keep its rights under `access`.
  ACaller& OfSharedAccess(const UserId& access) {
    token_.guest = true;
    token_.base_permissions_id = access;
    return *this;
  }
  // With a join token, which is good for that room only.
  ACaller& Joining(const RoomId& room) {
    token_.type = token::TokenType::kJoin;
    token_.only_room = room;
    token_.extension_disallowed = true;
    return *this;
  }
  // The same, made by a holder of ROOM_ADMIN.
  ACaller& AdministeringIt() {
    token_.room_admin = true;
    return *this;
  }
  ACaller& WithActivationToken() {
    token_.type = token::TokenType::kActivation;
    return *this;
  }
  ACaller& WithoutExtension() {
    token_.extension_disallowed = true;
    return *this;
  }
  ACaller& InOperatorCompany() {
    in_operator_company_ = true;
    return *this;
  }
  ACaller& InSession(const SessionId& session) {
    token_.session = session;
    return *this;
  }
  ACaller& IssuedAt(absl::Time time) {
    token_.issued_at = time;
    return *this;
  }
  ACaller& ExpiringAt(absl::Time time) {
    token_.expires_at = time;
    return *this;
  }

  // About the call that the token came with.
  ACaller& Calling(absl::string_view rpc) {
    call_.rpc = std::string(rpc);
    return *this;
  }
  ACaller& Until(absl::Time deadline) {
    call_.deadline = deadline;
    return *this;
  }
  ACaller& WithIdempotencyKey(absl::string_view key, absl::string_view request_hash = "hash") {
    call_.idempotency = {std::string(key), std::string(request_hash)};
    return *this;
  }
  ACaller& WithTokenBytes(absl::string_view bytes) {
    call_.access_token = std::string(bytes);
    return *this;
  }

  // The call by itself, as stores take it. Unless bytes were given, its token is the payload alone:
  // what the fakes of other services read.
  CallContext BuildCall() const {
    CallContext call = call_;
    if (call.access_token.empty()) call.access_token = token::SerializePayload(token_);
    call.company = token_.company;
    call.user = token_.user;
    return call;
  }

  Caller Build() const {
    return Caller(std::make_shared<const CallContext>(BuildCall()),
                  std::make_shared<const token::AccessToken>(token_), in_operator_company_);
  }
  operator Caller() const { return Build(); }  // NOLINT: meant to convert

 private:
  token::AccessToken token_;
  CallContext call_;
  bool in_operator_company_ = false;
};

// A call of "acme" for tests of stores.
inline CallContext ACall(absl::string_view company = kCallerCompany) {
  return ACaller().In(company).BuildCall();
}

}  // namespace usher
