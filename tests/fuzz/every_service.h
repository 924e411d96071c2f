// All five services over fakes behind one gate, without a transport.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/rpc/gate/gate.h"
#include "common/token/feed_state.h"
#include "common/token/token_signer.h"
#include "services/auth/audit_rpc.h"
#include "services/auth/auth_internal_rpc.h"
#include "services/auth/auth_rpc.h"
#include "services/auth/key_rpc.h"
#include "services/auth/local_auth_source.h"
#include "services/auth/secret/secret_vault.h"
#include "services/auth/session_rpc.h"
#include "services/business_logic/business_logic_internal_rpc.h"
#include "services/business_logic/business_logic_rpc.h"
#include "services/business_logic/permission_group_rpc.h"
#include "services/company/company_internal_rpc.h"
#include "services/company/company_rpc.h"
#include "services/room/chat/chat.h"
#include "services/room/chat/chat_rpc.h"
#include "services/room/engine/command_feed.h"
#include "services/room/engine/engine_rpc.h"
#include "services/room/engine/engines.h"
#include "services/room/room_internal_rpc.h"
#include "services/room/room_rpc.h"
#include "services/user/user_internal_rpc.h"
#include "services/user/user_rpc.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_audit_store.h"
#include "tests/support/fake_auth_directory.h"
#include "tests/support/fake_chat_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_company_saga_store.h"
#include "tests/support/fake_company_store.h"
#include "tests/support/fake_directory.h"
#include "tests/support/fake_directory_store.h"
#include "tests/support/fake_engine_store.h"
#include "tests/support/fake_engine_tickets.h"
#include "tests/support/fake_favorite_store.h"
#include "tests/support/fake_invitation_store.h"
#include "tests/support/fake_known_users.h"
#include "tests/support/fake_link_store.h"
#include "tests/support/fake_mail_store.h"
#include "tests/support/fake_method_store.h"
#include "tests/support/fake_permission_group_store.h"
#include "tests/support/fake_reset_store.h"
#include "tests/support/fake_room_store.h"
#include "tests/support/fake_session_store.h"
#include "tests/support/fake_tenants.h"
#include "tests/support/fake_throttle_store.h"
#include "tests/support/fake_user_store.h"
#include "tests/support/fake_user_traces.h"
#include "tests/support/fake_visible_rooms.h"
#include "tests/support/signed_token.h"

namespace usher::fuzz {

class AnySigner final : public room::JoinTokenSigner {
 public:
  absl::StatusOr<room::JoinToken> SignJoinToken(const CallContext&,
                                                const room::JoinTokenWish&) override {
    return room::JoinToken{"token", absl::Now() + absl::Hours(1)};
  }
};

class NobodyWakes final : public room::Wakeup {
 public:
  void Written(const room::Topic&) override {}
};

class NoRoomRights final : public auth::RoomDirectory {
 public:
  absl::StatusOr<RoomRights> RightsInRoom(const Caller&, const RoomId&) override {
    return RoomRights();
  }
};

class NoFounder final : public auth::CompanyFounder {
 public:
  absl::StatusOr<auth::FoundedCompany> Found(
      const CallContext&, const ::authentication::CompanyCreateRequest&) override {
    return auth::FoundedCompany{CompanyId("founded"), UserId(NewUuid())};
  }
};

class NoTenants final : public user::TenantStore {
 public:
  absl::Status EnsureFirst(const CallContext&, const user::UserKey&, const user::User&) override {
    return absl::OkStatus();
  }
  absl::StatusOr<bool> Clear(const CallContext&, const CompanyId&) override { return true; }
};

class EveryService {
 public:
  EveryService() {
    keys_.Replace(token::PublicKeysOf({token::AKey(1)}));
    feed_state_.NoteCompleteRound(feed_state_.Now());
    (void)methods_.InsertCompany(ACall(), CompanyId("acme"), {});
  }

  rpc::Gate& gate() { return gate_; }

  // Of a user of "acme" who may do everything that there is a permission for.
  std::string Token() const {
    token::AccessToken token = token::AToken(clock_.Now());
    token.permissions = kCompanyAdministrator;
    return token::SignWith(token::AKey(1), token);
  }

 private:
  static auth::Pepper APepper() { return auth::Pepper({Secret(std::string(32, 'p'))}); }

  FakeClock clock_;
  SystemClock gate_clock_;
  token::KeyRing keys_;
  token::Revocations revocations_;
  token::FeedState feed_state_;
  token::TokenVerifier verifier_{keys_, revocations_, feed_state_, clock_, 100};
  token::TokenSigner signer_{{token::AKey(1)}, clock_};
  prometheus::Registry registry_;
  rpc::Lanes lanes_{{.statement_threads = 1,
                     .store_threads = 1,
                     .slow_threads = 1,
                     .list_threads = 1,
                     .hash_threads = 1,
                     .directory_threads = 1}};
  rpc::Gate gate_{
      verifier_, lanes_, registry_, gate_clock_, {.operator_company = CompanyId("operator")}};

  room::FakeRoomStore room_store_;
  room::FakeEngineStore engine_store_{room_store_, gate_clock_, absl::Seconds(90)};
  AnySigner join_signer_;
  room::FakeEngineTickets tickets_;
  room::JoinLinkBases join_link_bases_{nullptr, {}};
  room::Rooms rooms_{room_store_, engine_store_, join_signer_, tickets_, join_link_bases_, {}};
  room::RoomRpc room_rpc_{gate_, rooms_};
  room::FakeChatStore chat_store_{clock_};
  room::ChatFeed chat_feed_{chat_store_, gate_clock_};
  NobodyWakes chat_wakeup_;
  room::Chat chat_{chat_store_, chat_feed_, chat_wakeup_};
  room::ChatRpc chat_rpc_{gate_, chat_};
  room::RoomInternalRpc room_internal_rpc_{gate_, rooms_, chat_};
  room::CommandFeed command_feed_{engine_store_, gate_clock_, {}, nullptr};
  room::Engines engines_{engine_store_, command_feed_};
  room::EngineRpc engine_rpc_{gate_, engines_, {}};

  user::FakeUserStore user_store_;
  user::FakeAuthDirectory auth_directory_;
  user::FakeUserTraces user_traces_;
  user::UserSagas sagas_{user_store_, auth_directory_, user_traces_, absl::Seconds(18)};
  user::Users users_{user_store_, sagas_, auth_directory_};
  user::UserRpc user_rpc_{gate_, users_};
  NoTenants no_tenants_;
  user::UserInternalRpc user_internal_rpc_{gate_, no_tenants_, user_store_};

  company::FakeCompanyStore company_store_;
  company::FakeCompanySagaStore company_saga_store_;
  company::FakeTenants tenants_;
  company::CompanySagas company_sagas_{company_saga_store_,
                                       tenants_,
                                       tenants_,
                                       tenants_,
                                       {&tenants_},
                                       {absl::Seconds(18), absl::Minutes(10)}};
  company::Companies companies_{company_store_, company_sagas_, {"admin"}};
  company::AskingLimit asking_{100, clock_};
  company::CompanyRpc company_rpc_{gate_, companies_, asking_};
  company::CompanyInternalRpc company_internal_rpc_{gate_, companies_};

  business_logic::FakeFavoriteStore favorite_store_;
  business_logic::FakeVisibleRooms visible_rooms_;
  business_logic::FakeKnownUsers known_users_;
  business_logic::Favorites favorites_{favorite_store_, visible_rooms_, known_users_};
  business_logic::FakePermissionGroupStore group_store_;
  business_logic::PermissionGroups groups_{group_store_};
  business_logic::PermissionGroupRpc group_rpc_{gate_, groups_};
  business_logic::BusinessLogicRpc business_logic_rpc_{gate_, favorites_, groups_};
  business_logic::BusinessLogicInternalRpc business_logic_internal_rpc_{gate_, favorites_};

  auth::FakeMethodStore methods_{clock_};
  auth::FakeSessionStore sessions_{methods_};
  auth::SecretVault vault_{APepper(), {.memory = 8192, .passes = 1, .threads = 1}};
  NoRoomRights no_rights_;
  auth::RefreshTokens refresh_tokens_{APepper()};
  auth::SessionSigner session_signer_{signer_, {}};
  auth::SessionOpening opening_{sessions_, clock_, {}, absl::Hours(1)};
  auth::FakeThrottleStore throttle_store_{clock_};
  auth::NothingRefused refusals_;
  auth::GuessThrottle throttle_{throttle_store_, refusals_, APepper(), {}};
  auth::MethodUses uses_{sessions_};
  auth::SignIn sign_in_{methods_,        vault_,       opening_,  refresh_tokens_,
                        session_signer_, revocations_, throttle_, uses_};
  auth::Renewal renewal_{methods_,        methods_,  sessions_,    refresh_tokens_,
                         session_signer_, verifier_, revocations_, clock_};
  auth::FakeLinkStore links_{methods_};
  auth::CompanySwitch switch_{methods_,        links_,          sessions_, opening_,
                              refresh_tokens_, session_signer_, verifier_, revocations_};
  auth::FakeInvitationStore invitation_store_{methods_};
  auth::FakeDirectories directories_;
  auth::DirectoryProving proving_{directories_, throttle_};
  auth::FakeDirectoryStore directory_store_{methods_};
  auth::DirectoryPresence presence_{directories_, directory_store_, methods_, revocations_};
  auth::FakeProfiles profiles_;
  auth::DirectorySignIn directory_sign_in_{proving_,  methods_, directory_store_, presence_,
                                           profiles_, sign_in_, throttle_,        clock_};
  auth::Invitations invitations_{invitation_store_, methods_, sessions_, vault_,
                                 throttle_,         proving_, signer_,   absl::Seconds(60)};
  auth::Tokens tokens_{sessions_, signer_, clock_, {}};
  const auth::InvitationPost post_{APepper(), auth::LinkBases(), /*mails_are_sent=*/false};
  auth::Methods auth_methods_{methods_,     methods_, vault_,    no_rights_,
                              revocations_, clock_,   throttle_, post_};
  auth::KnownUsers auth_users_{methods_, vault_, auth_methods_, revocations_, clock_};
  auth::LocalAuthSource source_{signer_, methods_, feed_state_, clock_};
  NoFounder no_founder_;
  auth::FakeMailStore mails_{clock_};
  auth::FakeResetStore reset_store_{methods_, mails_, clock_};
  auth::PasswordResets resets_{reset_store_, methods_, methods_,  vault_, APepper(),
                               revocations_, clock_,   throttle_, {}};
  auth::AuthRpc auth_rpc_{gate_,
                          sign_in_,
                          renewal_,
                          switch_,
                          directory_sign_in_,
                          invitations_,
                          tokens_,
                          auth_methods_,
                          no_founder_,
                          throttle_,
                          resets_,
                          {verifier_, CompanyId("operator")}};
  auth::KeyRpc key_rpc_{gate_, signer_};
  auth::FakeAuditStore audit_store_;
  auth::AuditTrail audit_trail_{audit_store_};
  auth::AuditRpc audit_rpc_{gate_, audit_trail_};
  auth::SignOut sign_out_{methods_, methods_, revocations_, clock_};
  auth::SessionRpc session_rpc_{gate_, sign_out_};
  auth::AuthInternalRpc internal_rpc_{gate_, auth_users_, tokens_, source_};
};

}  // namespace usher::fuzz
