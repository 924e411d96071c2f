// What rows of authorization_matrix.txt ask of the auth service.
#include <authentication/authenticationService.pb.h>
#include <common/accessInfo.pb.h>
#include <common/permissions.pb.h>
#include <usher/audit/v1/audit.pb.h>
#include <usher/session/v1/session.pb.h>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "tests/conformance/authorization_scene.h"
#include "tests/conformance/request_filling.h"

namespace usher {
namespace {

// --- AuthenticationService

void Fill(const Question& question, ::authentication::AuthenticationRequest& request) {
  ExpectPlain(question);
  auto& credentials = *request.mutable_usernamepasswordcredentials();
  credentials.set_companyid(question.target.person.company);
  credentials.set_username(question.target.person.username);
  credentials.set_password(kScenePassword);
}

void Fill(const Question& question, ::authentication::SignAccessTokenRequest& request) {
  auto& token = *request.mutable_accesstoken();
  token.set_userid(question.target.person.user);
  if (question.with == "-") return;
  if (question.with == "company") return token.set_companyid(question.target.person.company);
  if (question.with == "list") {
    (*token.mutable_permissions())[::common::USER_LIST] = true;
  } else if (question.with == "permission") {
    (*token.mutable_permissions())[::common::USER_SHOW] = true;
  } else {
    Unknown(question.with);
  }
}

void Fill(const Question& question, ::common::AccessInfo&) { ExpectPlain(question); }

void Fill(const Question& question, ::authentication::AccessTokenInformationRequest&) {
  ExpectPlain(question);
}

void Fill(const Question& question, ::authentication::PasswordResetRequest& request) {
  ExpectPlain(question);
  request.set_companyid(question.target.person.company);
  request.set_username(question.target.person.username);
}

void Fill(const Question& question, ::authentication::ListAuthenticationsRequest& request) {
  request.add_useridlist(question.target.person.user);
  if (question.with == "company") {
    request.add_companyid(question.target.person.company);
  } else {
    ExpectPlain(question);
  }
}

void Fill(const Question& question, ::authentication::AuthenticationCreateRequest& request) {
  auto& method = *request.mutable_authenticationrequest();
  if (question.with == "invitation") {
    auto& invitation = *method.mutable_activationtokencredentials();
    invitation.set_keytype("password");
    invitation.set_principal(NewUuid());
    return;
  }
  const bool there = question.with == "guestThere";
  if (question.with != "guest" && !there) return NewMethod(question, &method);
  auto& access = *method.mutable_guestaccesscredentials();
  access.set_code(kScenePassword);
  access.set_roomid(question.target.room);
  if (there) access.set_companyid(question.target.person.company);
}

void Fill(const Question& question, ::authentication::AuthenticationUpdateRequest& request) {
  request.set_userid(question.target.person.user);
  auto& method = *request.mutable_authenticationrequest();
  if (question.with == "secret" || question.with == "company") {
    SetSecret(question, &method);
    if (question.with == "secret") return;
    method.mutable_usernamepasswordcredentials()->set_companyid(question.target.person.company);
  } else if (question.with == "removeAll") {
    request.clear_authenticationrequest();
    request.set_removeall(true);
  } else if (question.with == "deactivate") {
    method.set_accountstatus(::authentication::DEACTIVATED);
  } else {
    NameMethod(question, &method);
    if (question.with == "metadata") {
      (*method.mutable_metadata())["key"] = NewUuid();
    } else if (question.with == "activate") {
      method.set_accountstatus(::authentication::ACTIVATED);
    } else if (question.with == "permission") {
      Give(::common::USER_SHOW, &method);
    } else if (question.with == "platform") {
      Give(::common::COMPANY_LIST, &method);
    } else {
      Unknown(question.with);
    }
  }
}

void Fill(const Question& question, ::authentication::AuthenticationInformationRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
}

void Fill(const Question& question, ::authentication::CompanyCreateRequest& request) {
  ExpectPlain(question);
  request.set_companyid(absl::StrCat("c-", NewUuid()));
  request.mutable_user()->set_email(NewEmail());
  auto& credentials =
      *request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  credentials.set_username("first");
  credentials.set_password(kScenePassword);
}

// --- AuditService

void Fill(const Question& question, ::usher::audit::v1::ListRequest& request) {
  request.set_limit(1);
  if (question.with == "company") {
    request.set_company_id(question.target.person.company);
  } else if (question.with == "all") {
    request.set_all_companies(true);
  } else {
    ExpectPlain(question);
  }
}

// --- SessionService

void Fill(const Question& question, ::usher::session::v1::EndAllRequest& request) {
  if (question.with == "company") {
    request.set_company_id(question.target.person.company);
  } else {
    ExpectPlain(question);
  }
  request.set_user_id(question.target.person.user);
}

}  // namespace

Fillers FillersOfAuth() {
  return FillersOf<
      ::authentication::AuthenticationRequest, ::authentication::SignAccessTokenRequest,
      ::common::AccessInfo, ::authentication::AccessTokenInformationRequest,
      ::authentication::PasswordResetRequest, ::authentication::ListAuthenticationsRequest,
      ::authentication::AuthenticationCreateRequest, ::authentication::AuthenticationUpdateRequest,
      ::authentication::AuthenticationInformationRequest, ::authentication::CompanyCreateRequest,
      ::usher::audit::v1::ListRequest, ::usher::session::v1::EndAllRequest>(
      [](const Question& question, auto& request) { Fill(question, request); });
}

}  // namespace usher
