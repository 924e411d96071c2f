#include "services/auth/auth_rpc.h"

#include <utility>

#include "common/permission/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method_wire.h"
#include "services/auth/sign_in_wire.h"

namespace usher::auth {
namespace {

using ::authentication::AuthenticationService;
using Async = AuthenticationService::AsyncService;
using rpc::Lane;
using token::TokenType;

// One visit for each grant.
struct Granting {
  const CallContext& call;
  SignIn& sign_in;

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
    return sign_in.WithRefreshToken(call, grant);
  }
  absl::StatusOr<SignedIn> operator()(const OtherGrant& grant) const {
    return NotImplemented(grant.what);
  }
};

}  // namespace

AuthRpc::AuthRpc(rpc::Gate& gate, SignIn& sign_in, Tokens& tokens, Methods& methods) {
  Expose(service_, AuthenticationService::service_full_name());
  ServeSignIn(gate, sign_in);
  ServeTokens(gate, tokens);
  ServeMethods(gate, methods);
  ServeWhatIsToCome(gate);
}

void AuthRpc::ServeSignIn(rpc::Gate& gate, SignIn& sign_in) {
  gate.ServeOpen(
      *this, service_, {.name = "auth.authenticate", .lane = Lane::kSlow},
      &Async::Requestauthenticate,
      [&sign_in](const CallContext& call, const auto& request, auto& reply) -> absl::Status {
        ASSIGN_OR_RETURN(const Grant grant, GrantFromWire(request));
        const absl::StatusOr<SignedIn> signed_in = std::visit(Granting{call, sign_in}, grant);
        StatusToWire(signed_in.status(), &reply);
        RETURN_IF_ERROR(signed_in.status());
        ToWire(*signed_in, &reply);
        return absl::OkStatus();
      });
}

void AuthRpc::ServeTokens(rpc::Gate& gate, Tokens& tokens) {
  gate.Serve(*this, service_, {.name = "auth.signAccessToken", .lane = Lane::kStatement},
             &Async::RequestsignAccessToken,
             [&tokens](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const TokenWish wish, FromWire(request));
               const auto signed_token = tokens.SignAccessToken(caller, wish);
               StatusToWire(signed_token.status(), &reply);
               RETURN_IF_ERROR(signed_token.status());
               ToWire(*signed_token, &reply);
               return absl::OkStatus();
             });

  // The gate has looked at everything there is to look at (docs/adr/0003).
  gate.Serve(*this, service_,
             {.name = "auth.isAuthenticated",
              .lane = Lane::kInline,
              .accepts = {TokenType::kAccess, TokenType::kActivation, TokenType::kJoin}},
             &Async::RequestisAuthenticated,
             [](const Caller&, const auto&, auto& reply) -> absl::Status {
               reply.set_statusmessage("You were authenticated successfully");
               return absl::OkStatus();
             });
}

void AuthRpc::ServeMethods(rpc::Gate& gate, Methods& methods) {
  gate.Serve(*this, service_,
             {.name = "auth.authenticationCreate", .lane = Lane::kSlow, .creates = true},
             &Async::RequestauthenticationCreate,
             [&methods](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const MethodWish wish, FromWire(request.authenticationrequest()));
               ASSIGN_OR_RETURN(const UserId user, methods.Create(caller, wish));
               reply.set_userid(user.value());
               return absl::OkStatus();
             });

  gate.Serve(*this, service_, {.name = "auth.authenticationUpdate", .lane = Lane::kSlow},
             &Async::RequestauthenticationUpdate,
             [&methods](const Caller& caller, const auto& request, auto&) -> absl::Status {
               ASSIGN_OR_RETURN(const UpdateWish wish, FromWire(request));
               return methods.Update(caller, wish);
             });

  gate.Serve(*this, service_, {.name = "auth.authenticationInformation", .lane = Lane::kStatement},
             &Async::RequestauthenticationInformation,
             [&methods](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const UserId user, FromWire(request));
               ASSIGN_OR_RETURN(const UserInformation found, methods.Information(caller, user));
               ToWire(found, &reply);
               return absl::OkStatus();
             });

  gate.Serve(*this, service_, {.name = "auth.listAuthentications", .lane = Lane::kStatement},
             &Async::RequestlistAuthentications,
             [&methods](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const ListWish wish, FromWire(request));
               ASSIGN_OR_RETURN(const ListAnswer answer, methods.List(caller, wish));
               return ToWire(answer, &reply);
             });
}

// docs/status.md.
void AuthRpc::ServeWhatIsToCome(rpc::Gate& gate) {
  gate.ServeOpen(*this, service_, {.name = "auth.requestPasswordReset", .lane = Lane::kInline},
                 &Async::RequestrequestPasswordReset,
                 [](const CallContext&, const auto&, auto&) -> absl::Status {
                   return NotImplemented("requestPasswordReset");
                 });

  gate.Serve(*this, service_, {.name = "auth.companyCreate", .lane = Lane::kInline},
             &Async::RequestcompanyCreate,
             [](const Caller& caller, const auto&, auto&) -> absl::Status {
               if (!caller.HasPlatform(Permission::kCompanyCreate)) {
                 return PermissionMissing(PermissionName(Permission::kCompanyCreate));
               }
               return NotImplemented("companyCreate");
             });
}

}  // namespace usher::auth
