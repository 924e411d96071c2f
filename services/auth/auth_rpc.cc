#include "services/auth/auth_rpc.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/access/require.h"
#include "common/rpc/gate/binding.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"
#include "services/auth/company_switch/switch_wire.h"
#include "services/auth/directory/directory_wire.h"
#include "services/auth/invitation/invitation_wire.h"
#include "services/auth/method/method_wire.h"
#include "services/auth/request_lane.h"
#include "services/auth/reset/reset_wire.h"
#include "services/auth/session/sign_in_wire.h"

namespace usher::auth {
namespace {

using rpc::Lane;
using token::TokenType;
namespace auth_wire = ::authentication;

// Whoever may send one has not said yet who it is.
constexpr size_t kLargestSignIn = 64 * 1024;  // bytes

Guess GuessOf(const RefreshGrant& grant) {
  return {.company = grant.company,
          .principal = text::Fold(grant.principal),
          .what = "refresh",
          .can_be_guessed = false};
}

Guess GuessOf(const SwitchGrant& grant) {
  return {.company = grant.company,
          .principal = text::Fold(grant.principal),
          .what = "refresh by company switch",
          .can_be_guessed = false};
}

// One visit for each grant.
struct Granting {
  const CallContext& call;
  SignIn& sign_in;
  Renewal& renewal;
  GuessThrottle& throttle;

  absl::StatusOr<SignedIn> operator()(const PasswordGrant& grant) const {
    return sign_in.WithPassword(call, grant);
  }
  absl::StatusOr<SignedIn> operator()(const CodeGrant& grant) const {
    return sign_in.WithCode(call, grant);
  }
  absl::StatusOr<SignedIn> operator()(const GuestGrant& grant) const {
    return sign_in.AsGuest(call, grant);
  }
  absl::StatusOr<SignedIn> operator()(const RefreshGrant& grant) const {
    absl::StatusOr<SignedIn> renewed = renewal.WithRefreshToken(call, grant);
    if (!renewed.ok() && ReplyCodeOf(renewed.status()).has_value()) {
      throttle.RefreshRefused(call, GuessOf(grant), renewed.status());
    }
    return renewed;
  }
  absl::StatusOr<SignedIn> operator()(const OtherGrant& grant) const {
    return NotImplemented(grant.what);
  }
};

}  // namespace

AuthRpc::AuthRpc(rpc::Gate& gate, SignIn& sign_in, Renewal& renewal, CompanySwitch& company_switch,
                 DirectorySignIn& directories, Invitations& invitations, Tokens& tokens,
                 Methods& methods, CompanyFounder& founder, GuessThrottle& throttle,
                 PasswordResets& resets, OptionalCallers callers)
    : sign_in_(sign_in),
      renewal_(renewal),
      company_switch_(company_switch),
      directories_(directories),
      invitations_(invitations),
      tokens_(tokens),
      methods_(methods),
      founder_(founder),
      throttle_(throttle),
      resets_(resets),
      callers_(std::move(callers)) {
  rpc::Binding bind(gate, *this, "authentication.AuthenticationService");
  bind.ServeOpen("authenticate",
                 {.name = "auth.authenticate",
                  .lane_of = LaneByRequest<auth_wire::AuthenticationRequest>,
                  .largest_request = kLargestSignIn},
                 &AuthRpc::Authenticate);
  bind.Serve("signAccessToken",
             {.name = "auth.signAccessToken", .lane = Lane::kStatement, .guests = true},
             &AuthRpc::SignAccessToken);
  bind.Serve("isAuthenticated",
             {.name = "auth.isAuthenticated",
              .lane = Lane::kInline,
              .accepts = {TokenType::kAccess, TokenType::kActivation, TokenType::kJoin},
              .guests = true,
              .reads = true,
              .largest_request = kLargestSignIn},
             &AuthRpc::IsAuthenticated);
  bind.Serve("accessTokenInformation",
             {.name = "auth.accessTokenInformation",
              .lane = Lane::kStatement,
              .accepts = {TokenType::kAccess, TokenType::kActivation, TokenType::kJoin},
              .guests = true,
              .reads = true,
              .largest_request = kLargestSignIn},
             &AuthRpc::TokenInformation);
  // Guests may invite others to the rooms that they administer: the body looks.
  bind.Serve("authenticationCreate",
             {.name = "auth.authenticationCreate",
              .lane_of = LaneByRequest<auth_wire::AuthenticationCreateRequest>,
              .guests = true,
              .creates = true},
             &AuthRpc::Create);
  // A password reset token stands for an access token. An activation token accepts the invitation,
  // and does nothing else; guests sign themselves out by it, and may do nothing else: the body
  // looks.
  bind.ServeWithOrWithoutToken("authenticationUpdate",
                               {.name = "auth.authenticationUpdate",
                                .lane_of = LaneByRequest<auth_wire::AuthenticationUpdateRequest>,
                                .accepts = {TokenType::kAccess, TokenType::kActivation}},
                               &AuthRpc::Update);
  bind.Serve("authenticationInformation",
             {.name = "auth.authenticationInformation",
              .lane = Lane::kList,
              .guests = true,
              .reads = true},
             &AuthRpc::Information);
  bind.Serve(
      "listAuthentications",
      {.name = "auth.listAuthentications", .lane = Lane::kList, .guests = true, .reads = true},
      &AuthRpc::ListAuthentications);
  bind.ServeOpen("requestPasswordReset",
                 {.name = "auth.requestPasswordReset",
                  .lane = Lane::kStore,
                  .largest_request = kLargestSignIn},
                 &AuthRpc::RequestPasswordReset);
  // Slow: the company service founds it, and asks auth among others.
  bind.Serve("companyCreate", {.name = "auth.companyCreate", .lane = Lane::kSlow, .creates = true},
             &AuthRpc::CreateCompany);
}

absl::Status AuthRpc::Authenticate(const CallContext& call,
                                   const auth_wire::AuthenticationRequest& request,
                                   auth_wire::AuthenticationReply& reply) {
  ASSIGN_OR_RETURN(const Grant grant, GrantFromWire(request));
  if (request.has_activationtokencredentials()) return Invited(call, request, reply);
  const absl::StatusOr<SignedIn> signed_in =
      request.has_companyswitchcredentials() ? Switch(call, request)
      : request.has_ldapcredentials()
          ? EnterByDirectory(call, request)
          : std::visit(Granting{call, sign_in_, renewal_, throttle_}, grant);
  AccountStatusToWire(signed_in.status(), &reply);
  RETURN_IF_ERROR(signed_in.status());
  ToWire(*signed_in, &reply);
  std::vector<CompanyId> accounts = {signed_in->company};
  if (signed_in->linked) {
    absl::StatusOr<std::vector<CompanyId>> all =
        company_switch_.Accounts(call, signed_in->company, signed_in->session, signed_in->user);
    // Whoever is signed in stays so.
    if (all.ok()) accounts = *std::move(all);
  }
  AccountsToWire(accounts, &reply);
  return absl::OkStatus();
}

absl::Status AuthRpc::Invited(const CallContext& call,
                              const auth_wire::AuthenticationRequest& request,
                              auth_wire::AuthenticationReply& reply) {
  ASSIGN_OR_RETURN(const InvitationGrant grant,
                   InvitationFromWire(request.activationtokencredentials()));
  const absl::StatusOr<SignedToken> token = invitations_.SignIn(call, grant);
  AccountStatusToWire(token.status(), &reply);
  RETURN_IF_ERROR(token.status());
  ToWire(*token, &reply);
  return absl::OkStatus();
}

absl::StatusOr<SignedIn> AuthRpc::Switch(const CallContext& call,
                                         const auth_wire::AuthenticationRequest& request) {
  ASSIGN_OR_RETURN(const SwitchGrant grant, SwitchGrantFromWire(request));
  absl::StatusOr<SignedIn> switched = company_switch_.Switch(call, grant);
  if (!switched.ok() && ReplyCodeOf(switched.status()).has_value()) {
    throttle_.RefreshRefused(call, GuessOf(grant), switched.status());
  }
  return switched;
}

absl::StatusOr<SignedIn> AuthRpc::EnterByDirectory(
    const CallContext& call, const auth_wire::AuthenticationRequest& request) {
  ASSIGN_OR_RETURN(const DirectoryGrant grant, DirectoryGrantFromWire(request));
  return directories_.Enter(call, grant);
}

// The gate has judged the token (docs/adr/0003).
absl::Status AuthRpc::TokenInformation(const Caller& caller,
                                       const auth_wire::AccessTokenInformationRequest& /*request*/,
                                       auth_wire::AuthenticationReply& reply) {
  const token::AccessToken& token = caller.token();
  ToWire(SignedToken{caller.call().access_token, token}, &reply);
  if (token.type != TokenType::kAccess || token.guest) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const std::vector<CompanyId> accounts,
      company_switch_.Accounts(caller.call(), token.company, token.session, token.user));
  AccountsToWire(accounts, &reply);
  return absl::OkStatus();
}

absl::Status AuthRpc::SignAccessToken(const Caller& caller,
                                      const auth_wire::SignAccessTokenRequest& request,
                                      auth_wire::AuthenticationReply& reply) {
  ASSIGN_OR_RETURN(const TokenWish wish, FromWire(request));
  const auto signed_token = tokens_.SignAccessToken(caller, wish);
  AccountStatusToWire(signed_token.status(), &reply);
  RETURN_IF_ERROR(signed_token.status());
  ToWire(*signed_token, &reply);
  return absl::OkStatus();
}

// The gate has looked at everything there is to look at (docs/adr/0003).
absl::Status AuthRpc::IsAuthenticated(const Caller& /*caller*/,
                                      const ::common::AccessInfo& /*request*/,
                                      ::common::ReplyInfo& reply) {
  *reply.mutable_statusmessage() = "You were authenticated successfully";
  return absl::OkStatus();
}

absl::Status AuthRpc::Create(const Caller& caller,
                             const auth_wire::AuthenticationCreateRequest& request,
                             auth_wire::AuthenticationCreateReply& reply) {
  ASSIGN_OR_RETURN(const MethodWish wish, FromWire(request.authenticationrequest()));
  ASSIGN_OR_RETURN(const Creation creation, methods_.Create(caller, wish));
  reply.set_userid(creation.user.value());
  reply.set_code(std::string(creation.code.Reveal()));
  reply.set_activationtoken(creation.invitation);
  return absl::OkStatus();
}

absl::Status AuthRpc::Update(const CallContext& call, const Caller* caller,
                             const auth_wire::AuthenticationUpdateRequest& request,
                             ::common::ReplyInfo& /*reply*/) {
  if (ShowsResetToken(request)) {
    ASSIGN_OR_RETURN(const ResetUse use, ResetUseFromWire(request));
    return resets_.Use(call, use);
  }
  if (caller == nullptr) return AccessInfoMissing();
  if (AcceptsInvitation(request)) {
    ASSIGN_OR_RETURN(const AcceptWish accepting, AcceptanceFromWire(request));
    return invitations_.Accept(*caller, accepting);
  }
  if (caller->token().type != TokenType::kAccess) return TokenRefused();
  ASSIGN_OR_RETURN(const UpdateWish wish, FromWire(request));
  return methods_.Update(*caller, wish);
}

absl::Status AuthRpc::Information(const Caller& caller,
                                  const auth_wire::AuthenticationInformationRequest& request,
                                  auth_wire::AuthenticationInformationReply& reply) {
  ASSIGN_OR_RETURN(const UserId user, FromWire(request));
  ASSIGN_OR_RETURN(const UserInformation found, methods_.Information(caller, user));
  ToWire(found, &reply);
  return absl::OkStatus();
}

absl::Status AuthRpc::ListAuthentications(const Caller& caller,
                                          const auth_wire::ListAuthenticationsRequest& request,
                                          auth_wire::ListAuthenticationsReply& reply) {
  ASSIGN_OR_RETURN(const ListWish wish, FromWire(request));
  ASSIGN_OR_RETURN(const ListAnswer answer, methods_.List(caller, wish));
  return ToWire(answer, &reply);
}

absl::Status AuthRpc::RequestPasswordReset(const CallContext& call,
                                           const auth_wire::PasswordResetRequest& request,
                                           auth_wire::PasswordResetReply& reply) {
  ASSIGN_OR_RETURN(const ResetRequest wish, FromWire(request));
  const std::optional<Caller> caller = callers_.Of(call, request.accessinfo());
  ASSIGN_OR_RETURN(const ResetAnswer answer,
                   resets_.Request(call, caller.has_value() ? &*caller : nullptr, wish));
  ToWire(answer, &reply);
  return absl::OkStatus();
}

absl::Status AuthRpc::CreateCompany(const Caller& caller,
                                    const auth_wire::CompanyCreateRequest& request,
                                    auth_wire::CompanyCreateReply& reply) {
  RETURN_IF_ERROR(RequireMayFound(caller));
  if (request.companyid().empty()) return FieldMissing("companyId");
  ASSIGN_OR_RETURN(const FoundedCompany founded, founder_.Found(caller.call(), request));
  reply.set_companyid(founded.company.value());
  reply.set_userid(founded.administrator.value());
  return absl::OkStatus();
}

}  // namespace usher::auth
