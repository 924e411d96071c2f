// What can be done with authentication methods: who may, which rules hold, what is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "common/base/clock.h"
#include "services/auth/method/method_store.h"
#include "services/auth/secret/secret_vault.h"

namespace usher::auth {

// Knows the rooms; the room service does.
class RoomDirectory {
 public:
  virtual ~RoomDirectory() = default;
  // The caller's own rights in the room. ROOM_NOT_FOUND, and the errors of a call to another
  // service (rpc/peer.h).
  virtual absl::StatusOr<RoomRights> RightsInRoom(const Caller& caller, const RoomId& room) = 0;
};

struct PasswordCredentials {
  std::string username;
  Secret password;
  Secret current;
  bool with_reset_token = false;
};

struct CodeCredentials {
  std::string client_id;
  Secret code;
  Secret current;
  std::string redirect_uri;
};

struct GuestCredentials {
  UserId user;  // names the access in an update; empty at creation
  Secret code;
  RoomId room;
  std::string email;
  std::string display_name;
  int64_t expiry = 0;
  bool shareable = false;
};

// In an update: the session that is meant.
struct SessionCredentials {
  SessionId session;
};

// A kind that is not there yet.
struct OtherCredentials {
  std::string what;
};

struct Credentials {
  std::string company;  // as given; empty: the company of the call
  std::variant<PasswordCredentials, CodeCredentials, GuestCredentials, SessionCredentials,
               OtherCredentials>
      body;
};

// What a client says about a method that is to be made or changed.
struct MethodWish {
  std::optional<Credentials> credentials;
  PermissionChange permissions;
  AccountStatus status = AccountStatus::kDefault;
  text::Metadata metadata;
};

struct UpdateWish {
  UserId user;
  bool remove_all = false;
  MethodWish method;
};

struct ListWish {
  std::vector<std::string> principals;
  std::vector<UserId> users;
  std::vector<AccountStatus> statuses;
  std::vector<std::string> key_types;
  std::vector<std::string> companies;
  bool only_eligible_for_switch = false;
  uint32_t limit = 100;
  uint32_t offset = 0;
};

struct ListAnswer {
  uint32_t max_offset = 0;      // of the last page that `limit` gives
  std::vector<Method> methods;  // by user ID, the oldest first
};

struct UserInformation {
  UserId user;
  PermissionSet permissions;    // of the active methods together
  std::vector<Method> methods;  // one of each type, the newest
};

// Thread-safe. Create and Update hash and ask the room service: Lane::kSlow.
class Methods {
 public:
  Methods(MethodStore& store, SecretVault& vault, RoomDirectory& rooms,
          token::Revocations& revocations, const Clock& clock)
      : store_(store), vault_(vault), rooms_(rooms), revocations_(revocations), clock_(clock) {}

  // authenticationCreate: a new user with one method. REQUEST_EMPTY without credentials,
  // INSUFFICIENT_PERMISSIONS, NOT_FOUND (another company), ROOM_NOT_FOUND, RANGE_ERROR (expiry),
  // ACTION_INVALID (principal taken, password too common), NOT_IMPLEMENTED.
  absl::StatusOr<UserId> Create(const Caller& caller, const MethodWish& wish);

  // authenticationUpdate. AUTHENTICATION_ERROR when `current` is wrong, NOT_FOUND,
  // INSUFFICIENT_PERMISSIONS, ACTION_INVALID (principal taken, LOCKED, last administrator),
  // REQUEST_EMPTY when nothing is to change.
  absl::Status Update(const Caller& caller, const UpdateWish& wish);

  // authenticationInformation. INSUFFICIENT_PERMISSIONS, NOT_FOUND.
  absl::StatusOr<UserInformation> Information(const Caller& caller, const UserId& user);

  // listAuthentications. What the caller may not see does not match.
  absl::StatusOr<ListAnswer> List(const Caller& caller, const ListWish& wish);

  // The method that authenticationCreate would make for `user`, checked and hashed, not kept yet.
  // Errors as of Create.
  absl::StatusOr<Method> Prepare(const Caller& caller, const MethodWish& wish, const UserId& user);

  // The method of the first administrator of a company that is being founded: a password or an API
  // key, with the permissions of a company administrator whatever the wish says. Errors of Create
  // about the credentials.
  absl::StatusOr<Method> PrepareFirst(const CallContext& call, const CompanyId& company,
                                      const UserId& user, const MethodWish& wish);

 private:
  // What password and API key have in common: principal and sealed secret.
  absl::StatusOr<Method> SealPersonal(const CallContext& call, const MethodWish& wish,
                                      Method method);
  absl::StatusOr<Method> PrepareGuest(const Caller& caller, const GuestCredentials& guest,
                                      Method method);
  // method_update.cc
  absl::Status SignOut(const Caller& caller, const UpdateWish& wish, const CompanyId& company);
  absl::StatusOr<MethodEdit> EditOf(const Caller& caller, const UpdateWish& wish,
                                    const CompanyId& company);
  absl::StatusOr<MethodEdit> EditPassword(const Caller& caller, const PasswordCredentials& given,
                                          const CompanyId& company, MethodEdit edit, bool own);
  absl::StatusOr<MethodEdit> EditCode(const Caller& caller, const CodeCredentials& given,
                                      const CompanyId& company, MethodEdit edit, bool own);
  absl::StatusOr<MethodEdit> EditGuest(const Caller& caller, const GuestCredentials& given,
                                       const CompanyId& company, const UserId& user,
                                       MethodEdit edit);
  absl::Status CheckCurrent(const Caller& caller, const MethodKey& key, const Secret& current,
                            SecretKind kind);
  void Announce(const Ended& ended);

  MethodStore& store_;
  SecretVault& vault_;
  RoomDirectory& rooms_;
  token::Revocations& revocations_;
  const Clock& clock_;
};

}  // namespace usher::auth
