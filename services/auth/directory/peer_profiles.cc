#include "services/auth/directory/peer_profiles.h"

#include <usher/internal/v1/directory_profile.grpc.pb.h>

#include <string>

#include "common/status/reply_error.h"
#include "common/text/text_rules.h"

namespace usher::auth {
namespace {

using ::usher::internal::v1::DirectoryProfiles;
using ::usher::internal::v1::EnsureProfileRequest;

EnsureProfileRequest RequestFor(const CompanyId& company, const UserId& user,
                                const DirectoryPerson& person) {
  const auto name = [](const std::string& raw) {
    return text::OptionalName("name", raw).value_or(std::string());
  };
  EnsureProfileRequest request;
  request.set_company_id(company.value());
  request.set_user_id(user.value());
  ::common::User& profile = *request.mutable_user();
  profile.set_email(text::OptionalEmail("email", person.email).value_or(std::string()));
  profile.mutable_userprofile()->set_firstname(name(person.firstname));
  profile.mutable_userprofile()->set_lastname(name(person.lastname));
  profile.mutable_userprofile()->set_title(name(person.title));
  return request;
}

}  // namespace

absl::Status PeerProfiles::Ensure(const CallContext& call, const CompanyId& company,
                                  const UserId& user, const DirectoryPerson& person) {
  const auto ask = [&](const EnsureProfileRequest& request) {
    return user_
        .Call<DirectoryProfiles>(rpc::Effect::kChanges, call,
                                 &DirectoryProfiles::Stub::ensureProfile, request)
        .status();
  };
  EnsureProfileRequest request = RequestFor(company, user, person);
  const absl::Status asked = ask(request);
  // Whose address it is, nobody is asked: it does not make two accounts one.
  if (ReplyCodeOf(asked) != ::common::ACTION_INVALID || request.user().email().empty()) {
    return asked;
  }
  request.mutable_user()->clear_email();
  return ask(request);
}

}  // namespace usher::auth
