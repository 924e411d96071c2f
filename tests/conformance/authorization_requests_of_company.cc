// What rows of authorization_matrix.txt ask of the company service.
#include <companyService/companyService.pb.h>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "tests/conformance/authorization_scene.h"
#include "tests/conformance/request_filling.h"

namespace usher {
namespace {

void Fill(const Question& question, ::companyService::CompanyListRequest& request) {
  if (question.with == "all") return;
  ExpectPlain(question);
  request.add_companyidlist(question.target.person.company);
}

void Fill(const Question& question, ::companyService::CompanyCreateRequest& request) {
  if (question.with == "books") {
    request.mutable_company()->set_customerid(NewUuid());
  } else {
    ExpectPlain(question);
  }
  request.mutable_company()->set_displayname(absl::StrCat("c-", NewUuid()));
  auto& first = *request.mutable_usercreaterequest();
  first.mutable_user()->set_email(NewEmail());
  auto& credentials = *first.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  credentials.set_username("first");
  credentials.set_password(kScenePassword);
}

void Fill(const Question& question, ::companyService::CompanyUpdateRequest& request) {
  request.set_companyid(question.target.person.company);
  if (question.with == "books") {
    request.mutable_company()->set_customerid(NewUuid());
    return;
  }
  ExpectPlain(question);
  (*request.mutable_company()->mutable_metadata())["key"] = NewUuid();
}

void Fill(const Question& question, ::companyService::CompanyDestroyRequest& request) {
  ExpectPlain(question);
  request.set_companyid(question.target.person.company);
}

void Fill(const Question& question, ::companyService::CompanyAvailableRequest& request) {
  ExpectPlain(question);
  request.set_displayname("A name that is free");
}

}  // namespace

Fillers FillersOfCompany() {
  return FillersOf<::companyService::CompanyListRequest, ::companyService::CompanyCreateRequest,
                   ::companyService::CompanyUpdateRequest, ::companyService::CompanyDestroyRequest,
                   ::companyService::CompanyAvailableRequest>(
      [](const Question& question, auto& request) { Fill(question, request); });
}

}  // namespace usher
