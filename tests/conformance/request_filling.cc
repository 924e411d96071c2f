#include "tests/conformance/request_filling.h"

#include <common/permissions.pb.h>

#include <stdexcept>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "tests/conformance/authorization_scene.h"

namespace usher {

void Unknown(const std::string& with) {
  throw std::runtime_error(absl::StrCat("this rpc is not asked with ", with));
}

void ExpectPlain(const Question& question) {
  if (question.with != "-") Unknown(question.with);
}

bool IsOneself(const Question& question) {
  return question.target.person.user == question.actor.person.user;
}

void Give(int permission, ::authentication::AuthenticationRequest* method) {
  (*method->mutable_permissions())[permission] = true;
}

void NameMethod(const Question& question, ::authentication::AuthenticationRequest* method) {
  method->mutable_usernamepasswordcredentials()->set_username(question.target.person.username);
}

void SetSecret(const Question& question, ::authentication::AuthenticationRequest* method) {
  NameMethod(question, method);
  auto& credentials = *method->mutable_usernamepasswordcredentials();
  credentials.set_password(kScenePassword);
  if (IsOneself(question)) credentials.set_current(kScenePassword);
}

void NewMethod(const Question& question, ::authentication::AuthenticationRequest* method) {
  auto& credentials = *method->mutable_usernamepasswordcredentials();
  credentials.set_username(NewUuid());
  credentials.set_password(kScenePassword);
  if (question.with == "secret") return;
  if (question.with == "permission") return Give(::common::USER_SHOW, method);
  if (question.with == "company") return credentials.set_companyid(question.target.person.company);
  Unknown(question.with);
}

std::string NewEmail() { return absl::StrCat("x", NewUuid(), "@example.com"); }

}  // namespace usher
