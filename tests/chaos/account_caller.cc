#include "tests/chaos/account_caller.h"

#include "common/base/id.h"
#include "tests/chaos/send.h"
#include "tests/support/credentials.h"

namespace usher::chaos {
namespace {

using AuthStub = ::authentication::AuthenticationService::Stub;

void Show(const AccountCaller::Invitation& invitation, const std::string& company,
          ::authentication::AuthenticationRequest* request) {
  auto& credentials = *request->mutable_activationtokencredentials();
  credentials.set_companyid(company);
  credentials.set_activationtoken(invitation.token);
  credentials.set_code(invitation.code);
}

}  // namespace

Answer AccountCaller::SignInByDirectory(const std::string& username,
                                        const std::string& password) const {
  ::authentication::AuthenticationRequest request;
  auto& credentials = *request.mutable_ldapcredentials();
  credentials.set_companyid(house_.acme().company);
  credentials.set_username(username);
  credentials.set_password(password);
  return Send(patience_, house_.auth(), &AuthStub::authenticate, request);
}

Answer AccountCaller::Refresh(const std::string& username, SignedIn* session) const {
  ::authentication::AuthenticationRequest request;
  auto& credentials = *request.mutable_refreshtokencredentials();
  credentials.set_companyid(house_.acme().company);
  credentials.set_principal(username);
  credentials.set_accesstoken(session->access_token);
  credentials.set_refreshtoken(session->refresh_token);
  ::authentication::AuthenticationReply reply;
  Answer answer = Send(patience_, house_.auth(), &AuthStub::authenticate, request, "", &reply);
  if (answer.told() == Told::kDone) {
    session->access_token = reply.accesstoken();
    session->refresh_token = reply.refreshtoken();
  }
  return answer;
}

Answer AccountCaller::RequestReset(const std::string& username) const {
  ::authentication::PasswordResetRequest request;
  request.set_companyid(house_.acme().company);
  request.set_username(username);
  return Send(patience_, house_.auth(), &AuthStub::requestPasswordReset, request);
}

std::string AccountCaller::NewResetToken(const SignedIn& admin, const std::string& username) const {
  auto request = With<::authentication::PasswordResetRequest>(admin);
  request.set_companyid(house_.acme().company);
  request.set_username(username);
  ::authentication::PasswordResetReply reply;
  Send(patience_, house_.auth(), &AuthStub::requestPasswordReset, request, "", &reply);
  return reply.passwordresettoken();
}

Answer AccountCaller::UseReset(const std::string& username, const std::string& token,
                               const std::string& password) const {
  ::authentication::AuthenticationUpdateRequest request;
  auto& credentials =
      *request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  credentials.set_companyid(house_.acme().company);
  credentials.set_username(username);
  credentials.set_password(password);
  credentials.set_passwordresettoken(token);
  return Send(patience_, house_.auth(), &AuthStub::authenticationUpdate, request);
}

AccountCaller::Invitation AccountCaller::NewInvitation(const SignedIn& admin) const {
  Invitation invitation;
  invitation.principal = "invited-" + NewUuid();
  auto creation = With<::authentication::AuthenticationCreateRequest>(admin);
  auto& wish = *creation.mutable_authenticationrequest()->mutable_activationtokencredentials();
  wish.set_keytype("password");
  wish.set_principal(invitation.principal);
  ::authentication::AuthenticationCreateReply made;
  Send(patience_, house_.auth(), &AuthStub::authenticationCreate, creation, "", &made);
  invitation.user = made.userid();
  invitation.token = made.activationtoken();
  invitation.code = made.code();

  ::authentication::AuthenticationRequest look;
  Show(invitation, house_.acme().company, &look);
  ::authentication::AuthenticationReply looked;
  Send(patience_, house_.auth(), &AuthStub::authenticate, look, "", &looked);
  invitation.access_token = looked.accesstoken();
  return invitation;
}

Answer AccountCaller::Accept(const Invitation& invitation, const std::string& password) const {
  ::authentication::AuthenticationUpdateRequest request;
  request.mutable_accessinfo()->set_accesstoken(invitation.access_token);
  request.set_userid(invitation.user);
  auto& method = *request.mutable_authenticationrequest();
  Show(invitation, house_.acme().company, &method);
  auto& credentials = *method.mutable_usernamepasswordcredentials();
  credentials.set_username(invitation.principal);
  credentials.set_password(password);
  return Send(patience_, house_.auth(), &AuthStub::authenticationUpdate, request);
}

}  // namespace usher::chaos
