#include "services/user/user_wire.h"

#include <string>
#include <utility>

#include "common/rpc/gate/largest_reply.h"
#include "common/rpc/id_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/language_tag.h"
#include "services/user/user_errors.h"

namespace usher::user {
namespace {

absl::StatusOr<Locale> FromWire(const ::common::Locale& wire) {
  constexpr char kSpoken[] = "user.locale.spokenLanguages";
  Locale locale;
  ASSIGN_OR_RETURN(locale.ui_language,
                   text::OptionalLanguageTag("user.locale.UILanguage", wire.uilanguage()));
  if (static_cast<size_t>(wire.spokenlanguages_size()) > Locale::kMostSpoken) {
    return FieldTooLong(kSpoken, Locale::kMostSpoken);
  }
  for (const std::string& raw : wire.spokenlanguages()) {
    ASSIGN_OR_RETURN(std::string language, text::OptionalLanguageTag(kSpoken, raw));
    if (!language.empty()) locale.spoken.push_back(std::move(language));
  }
  return locale;
}

::common::User ToWire(const User& user) {
  ::common::User wire;
  wire.set_email(user.email);
  wire.mutable_metadata()->insert(user.metadata.begin(), user.metadata.end());
  ::common::UserProfile& profile = *wire.mutable_userprofile();
  profile.set_firstname(user.profile.firstname);
  profile.set_lastname(user.profile.lastname);
  profile.set_title(user.profile.title);
  if (!user.locale.empty()) *wire.mutable_locale() = ToWire(user.locale);
  return wire;
}

}  // namespace

absl::StatusOr<ListWish> FromWire(const ::user::UserListRequest& request) {
  RETURN_IF_ERROR(text::CheckCount("userIdList", request.useridlist_size()));
  ListWish wish;
  wish.with_metadata = request.accessinfo().includemetadata();
  wish.ids_only = request.accessinfo().returnobjectidsonly();
  wish.ids.reserve(static_cast<size_t>(request.useridlist_size()));
  for (const std::string& raw : request.useridlist()) {
    ASSIGN_OR_RETURN(UserId id, ParseUserId("userIdList", raw));
    wish.ids.push_back(std::move(id));
  }
  return wish;
}

absl::StatusOr<Profile> FromWire(const ::common::UserProfile& wire) {
  Profile profile;
  ASSIGN_OR_RETURN(profile.firstname,
                   text::OptionalName("userProfile.firstname", wire.firstname()));
  ASSIGN_OR_RETURN(profile.lastname, text::OptionalName("userProfile.lastname", wire.lastname()));
  ASSIGN_OR_RETURN(profile.title, text::OptionalName("userProfile.title", wire.title()));
  return profile;
}

absl::StatusOr<ProfileWish> FromWire(const ::user::UserProfileUpdateRequest& request,
                                     const UserId& caller) {
  ProfileWish wish;
  wish.user = caller;
  if (!request.userid().empty()) {
    ASSIGN_OR_RETURN(wish.user, ParseUserId("userId", request.userid()));
  }
  if (!request.has_userprofile()) return FieldMissing("userProfile");
  ASSIGN_OR_RETURN(wish.profile, FromWire(request.userprofile()));
  return wish;
}

absl::StatusOr<UserChange> FromWire(const ::common::User& wire) {
  UserChange change;
  ASSIGN_OR_RETURN(change.email, text::OptionalEmail("user.email", wire.email()));
  ASSIGN_OR_RETURN(change.profile, FromWire(wire.userprofile()));
  ASSIGN_OR_RETURN(change.metadata, text::MetadataFromWire("user.metadata", wire.metadata()));
  ASSIGN_OR_RETURN(change.locale, FromWire(wire.locale()));
  return change;
}

std::optional<OpaqueCredentials> CredentialsFromWire(
    const ::authentication::AuthenticationRequest& wire) {
  if (wire.ByteSizeLong() == 0) return std::nullopt;
  std::string bytes = wire.SerializeAsString();
  OpaqueCredentials credentials{Secret(bytes)};
  WipeText(bytes);
  return credentials;
}

::common::Locale ToWire(const Locale& locale) {
  ::common::Locale wire;
  wire.set_uilanguage(locale.ui_language);
  wire.mutable_spokenlanguages()->Add(locale.spoken.begin(), locale.spoken.end());
  return wire;
}

absl::Status ToWire(const UserList& list, ::user::UserListReply* reply) {
  for (const User& user : list.users) (*reply->mutable_users())[user.id.value()] = ToWire(user);
  for (const UserId& id : list.ids) reply->add_useridlist(id.value());
  return rpc::HoldToLargest(ReplyTooLarge(), reply);
}

}  // namespace usher::user
