// authentication.AuthenticationService: wire to domain and back.
#pragma once

#include <authentication/authenticationService.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/auth/company_founder.h"
#include "services/auth/company_switch/company_switch.h"
#include "services/auth/directory/directory_sign_in.h"
#include "services/auth/invitation/invitations.h"
#include "services/auth/method/methods.h"
#include "services/auth/optional_callers.h"
#include "services/auth/reset/password_resets.h"
#include "services/auth/session/renewal.h"
#include "services/auth/session/sign_in.h"
#include "services/auth/session/tokens.h"
#include "services/auth/throttle/guess_throttle.h"

namespace usher::auth {

class AuthRpc final : public rpc::Service {
 public:
  AuthRpc(rpc::Gate& gate, SignIn& sign_in, Renewal& renewal, CompanySwitch& company_switch,
          DirectorySignIn& directories, Invitations& invitations, Tokens& tokens, Methods& methods,
          CompanyFounder& founder, GuessThrottle& throttle, PasswordResets& resets,
          OptionalCallers callers);

 private:
  absl::Status Authenticate(const CallContext& call,
                            const ::authentication::AuthenticationRequest& request,
                            ::authentication::AuthenticationReply& reply);
  // With activationTokenCredentials: no session is opened.
  absl::Status Invited(const CallContext& call,
                       const ::authentication::AuthenticationRequest& request,
                       ::authentication::AuthenticationReply& reply);
  absl::StatusOr<SignedIn> Switch(const CallContext& call,
                                  const ::authentication::AuthenticationRequest& request);
  absl::StatusOr<SignedIn> EnterByDirectory(const CallContext& call,
                                            const ::authentication::AuthenticationRequest& request);
  absl::Status TokenInformation(const Caller& caller,
                                const ::authentication::AccessTokenInformationRequest& request,
                                ::authentication::AuthenticationReply& reply);
  absl::Status SignAccessToken(const Caller& caller,
                               const ::authentication::SignAccessTokenRequest& request,
                               ::authentication::AuthenticationReply& reply);
  absl::Status IsAuthenticated(const Caller& caller, const ::common::AccessInfo& request,
                               ::common::ReplyInfo& reply);
  absl::Status RequestPasswordReset(const CallContext& call,
                                    const ::authentication::PasswordResetRequest& request,
                                    ::authentication::PasswordResetReply& reply);
  absl::Status ListAuthentications(const Caller& caller,
                                   const ::authentication::ListAuthenticationsRequest& request,
                                   ::authentication::ListAuthenticationsReply& reply);
  absl::Status Create(const Caller& caller,
                      const ::authentication::AuthenticationCreateRequest& request,
                      ::authentication::AuthenticationCreateReply& reply);
  absl::Status Update(const CallContext& call, const Caller* caller,
                      const ::authentication::AuthenticationUpdateRequest& request,
                      ::common::ReplyInfo& reply);
  absl::Status Information(const Caller& caller,
                           const ::authentication::AuthenticationInformationRequest& request,
                           ::authentication::AuthenticationInformationReply& reply);
  absl::Status CreateCompany(const Caller& caller,
                             const ::authentication::CompanyCreateRequest& request,
                             ::authentication::CompanyCreateReply& reply);

  SignIn& sign_in_;
  Renewal& renewal_;
  CompanySwitch& company_switch_;
  DirectorySignIn& directories_;
  Invitations& invitations_;
  Tokens& tokens_;
  Methods& methods_;
  CompanyFounder& founder_;
  GuessThrottle& throttle_;
  PasswordResets& resets_;
  const OptionalCallers callers_;
};

}  // namespace usher::auth
