// What rows of authorization_matrix.txt ask of the user service.
#include <common/permissions.pb.h>
#include <user/userService.pb.h>

#include "common/base/id.h"
#include "tests/conformance/request_filling.h"

namespace usher {
namespace {

void Fill(const Question& question, ::user::UserListRequest& request) {
  if (question.with == "all") return;
  ExpectPlain(question);
  request.add_useridlist(question.target.person.user);
}

void Fill(const Question& question, ::user::UserCreateRequest& request) {
  request.mutable_user()->mutable_userprofile()->set_firstname("Somebody");
  if (question.with != "-") NewMethod(question, request.mutable_authenticationrequest());
}

void Fill(const Question& question, ::user::UserUpdateRequest& request) {
  request.set_userid(question.target.person.user);
  if (question.with == "profile") {
    request.mutable_user()->mutable_userprofile()->set_firstname(NewUuid());
  } else if (question.with == "locale") {
    request.mutable_user()->mutable_locale()->set_uilanguage("de");
  } else if (question.with == "email") {
    request.mutable_user()->set_email(NewEmail());
  } else if (question.with == "metadata") {
    (*request.mutable_user()->mutable_metadata())["key"] = NewUuid();
  } else if (question.with == "secret") {
    SetSecret(question, request.mutable_authenticationrequest());
  } else if (question.with == "permission") {
    NameMethod(question, request.mutable_authenticationrequest());
    Give(::common::USER_SHOW, request.mutable_authenticationrequest());
  } else {
    Unknown(question.with);
  }
}

void Fill(const Question& question, ::user::UserDestroyRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
}

void Fill(const Question& question, ::user::UserProfileUpdateRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
  request.mutable_userprofile()->set_lastname(NewUuid());
}

void Fill(const Question& question, ::user::UserGetLocaleRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
}

}  // namespace

Fillers FillersOfUser() {
  return FillersOf<::user::UserListRequest, ::user::UserCreateRequest, ::user::UserUpdateRequest,
                   ::user::UserDestroyRequest, ::user::UserProfileUpdateRequest,
                   ::user::UserGetLocaleRequest>(
      [](const Question& question, auto& request) { Fill(question, request); });
}

}  // namespace usher
