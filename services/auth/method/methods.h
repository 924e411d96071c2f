// What can be done with authentication methods: who may, which rules hold, what is kept.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "common/base/clock.h"
#include "services/auth/mail/invitation_post.h"
#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"
#include "services/auth/method/room_directory.h"
#include "services/auth/secret/secret_vault.h"
#include "services/auth/throttle/guess_throttle.h"

namespace usher::auth {

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
  // When it is to end; infinite: never. Nothing: as GuestExpiry says.
  std::optional<absl::Time> expiry;
  bool shareable = false;
};

// An invitation. In an update it names one; the rest is for its creation.
struct InvitationCredentials {
  std::string token;  // empty at creation: one is made
  Secret code;        // likewise
  KeyType key_type = KeyType::kPassword;
  std::string principal;             // of the method that it may create; empty in an update
  std::optional<absl::Time> expiry;  // nothing: as GuestExpiry says
  std::string finish_url;            // where a mail is to lead to; empty: none is sent
  bool resend = false;
};

// An account in the company's directory. The password stays there: it proves something where an
// invitation is accepted, and is of no use elsewhere.
struct DirectoryCredentials {
  std::string username;
  Secret password;
  std::string bind_dn;
  std::string search_dn;
};

// In an update: the session that is meant.
struct SessionCredentials {
  SessionId session;
};

// Where a method is made or changed. REQUEST_EMPTY, ACTION_INVALID.
absl::Status CheckNamesAlone(const DirectoryCredentials& given);

struct Credentials {
  std::optional<CompanyId> company;  // nothing: the company of the call
  std::variant<PasswordCredentials, CodeCredentials, DirectoryCredentials, GuestCredentials,
               InvitationCredentials, SessionCredentials>
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
  // Without credentials: where the user is; nothing: in the caller's company.
  std::optional<CompanyId> company;
  bool remove_all = false;
  MethodWish method;
};

struct ListWish {
  std::vector<std::string> principals;
  std::vector<UserId> users;
  std::vector<AccountStatus> statuses;
  std::vector<KeyType> key_types;
  std::vector<CompanyId> companies;  // an empty ID is no company's
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

// What authenticationCreate made. Secrets where the wish had none and they were made in this very
// call: one that is repeated is answered the user alone.
struct Creation {
  UserId user;
  Secret code;
  std::string invitation;
};

// Thread-safe. Create and Update hash and ask the room service: Lane::kSlow.
class Methods {
 public:
  Methods(MethodStore& store, KnownUserStore& users, SecretVault& vault, RoomDirectory& rooms,
          token::Revocations& revocations, const Clock& clock, GuessThrottle& throttle,
          const InvitationPost& post)
      : store_(store),
        users_(users),
        vault_(vault),
        rooms_(rooms),
        revocations_(revocations),
        clock_(clock),
        throttle_(throttle),
        post_(post) {}

  // authenticationCreate: a new user with one method, or the one that an earlier call with the same
  // idempotency key made. The code of an API key or an invitation is made where it is left out
  // (made_code.h). REQUEST_EMPTY without credentials,
  // INSUFFICIENT_PERMISSIONS, NOT_FOUND (another company), ROOM_NOT_FOUND, RANGE_ERROR (expiry),
  // ACTION_INVALID (principal taken, password too common), NOT_IMPLEMENTED.
  absl::StatusOr<Creation> Create(const Caller& caller, const MethodWish& wish);

  // authenticationUpdate. AUTHENTICATION_ERROR when `current` is wrong, NOT_FOUND,
  // INSUFFICIENT_PERMISSIONS, ACTION_INVALID (principal taken, LOCKED, last administrator),
  // QUOTA_EXCEEDED (too many methods), REQUEST_EMPTY when nothing is to change.
  absl::Status Update(const Caller& caller, const UpdateWish& wish);

  // authenticationInformation. INSUFFICIENT_PERMISSIONS, NOT_FOUND.
  absl::StatusOr<UserInformation> Information(const Caller& caller, const UserId& user);

  // listAuthentications. What the caller may not see does not match.
  absl::StatusOr<ListAnswer> List(const Caller& caller, const ListWish& wish);

  // The method that authenticationCreate would make for `user`, checked and hashed, not kept yet;
  // for somebody who was found to be allowed to create. Errors as of Create.
  absl::StatusOr<Method> Prepare(const Caller& caller, const MethodWish& wish, const UserId& user);

  // The method of the first administrator of a company that is being founded: a password or an API
  // key, with the permissions of a company administrator whatever the wish says. Errors of Create
  // about the credentials.
  absl::StatusOr<Method> PrepareFirst(const CallContext& call, const CompanyId& company,
                                      const UserId& user, const MethodWish& wish);

 private:
  absl::StatusOr<Method> FillGuest(const Caller& caller, const GuestCredentials& given,
                                   Method method);
  // What is left: one for each kind of credentials; `method` is what all kinds have in common.
  absl::StatusOr<Method> FillPersonal(const CallContext& call, const Credentials& credentials,
                                      Method method);
  absl::StatusOr<Method> Fill(const CallContext& call, const PasswordCredentials& given,
                              Method method);
  absl::StatusOr<Method> Fill(const CallContext& call, const CodeCredentials& given, Method method);
  absl::StatusOr<Method> Fill(const CallContext& call, const DirectoryCredentials& given,
                              Method method);
  absl::StatusOr<Method> Fill(const CallContext& call, const GuestCredentials& given,
                              Method method);
  absl::StatusOr<Method> Fill(const CallContext& call, const InvitationCredentials& given,
                              Method method);
  absl::StatusOr<Method> Fill(const CallContext& call, const SessionCredentials& given,
                              Method method);
  absl::StatusOr<Method> Sealed(const CallContext& call, const Secret& secret, SecretKind kind,
                                Method method);
  // method_update.cc
  struct Target {  // whom an update is about
    const Caller& caller;
    CompanyId company;
    UserId user;
    bool own = false;
  };
  absl::Status SignOut(const Caller& caller, const UpdateWish& wish, const CompanyId& company);
  absl::StatusOr<MethodEdit> EditOf(const Caller& caller, const UpdateWish& wish,
                                    const CompanyId& company);
  absl::StatusOr<MethodEdit> Fill(const Target& target, const PasswordCredentials& given,
                                  MethodEdit edit);
  absl::StatusOr<MethodEdit> Fill(const Target& target, const CodeCredentials& given,
                                  MethodEdit edit);
  absl::StatusOr<MethodEdit> Fill(const Target& target, const DirectoryCredentials& given,
                                  MethodEdit edit);
  absl::StatusOr<MethodEdit> Fill(const Target& target, const GuestCredentials& given,
                                  MethodEdit edit);
  absl::StatusOr<MethodEdit> Fill(const Target& target, const InvitationCredentials& given,
                                  MethodEdit edit);
  // Sends the mail again, with `code` or a new one: nobody has kept the one before.
  absl::StatusOr<MethodEdit> Resent(const Target& target, const InvitationCredentials& given,
                                    MethodEdit edit);
  absl::StatusOr<MethodEdit> Fill(const Target& target, const SessionCredentials& given,
                                  MethodEdit edit);
  absl::StatusOr<MethodEdit> Sealed(const Target& target, const Secret& secret, SecretKind kind,
                                    MethodEdit edit);
  // The own secret that `current` is: of the method itself, or, for a further one, of any.
  absl::StatusOr<ShownSecret> CheckCurrent(const Caller& caller, const MethodKey& key,
                                           const Secret& current, SecretKind kind);
  // The same, without counting guesses; nothing where it is none.
  using Shown = absl::StatusOr<std::optional<ShownSecret>>;
  Shown FindCurrent(const Caller& caller, const MethodStanding& standing, const Secret& current,
                    SecretKind kind);
  Shown FindAnyCurrent(const Caller& caller, const Secret& current, SecretKind kind);
  // What `look` finds; a wrong secret counts for `principal`. CurrentSecretWrong, TooManyGuesses.
  absl::StatusOr<ShownSecret> Guarded(const Caller& caller, const std::string& principal,
                                      bool can_be_guessed, const std::function<Shown()>& look);

  MethodStore& store_;
  KnownUserStore& users_;
  SecretVault& vault_;
  RoomDirectory& rooms_;
  token::Revocations& revocations_;
  const Clock& clock_;
  GuessThrottle& throttle_;
  const InvitationPost& post_;
};

}  // namespace usher::auth
