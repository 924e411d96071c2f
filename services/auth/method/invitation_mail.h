// What the mail of an invitation says.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "services/auth/mail/invitation_post.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// Of `method`, an invitation, with its code, as it is read at `now`. `page`: finishSignupURL.
inline InvitationMail InvitationMailOf(const Method& method, const Secret& code,
                                       const std::string& page, absl::Time now) {
  InvitationMail mail;
  mail.company = method.company;
  mail.user = method.user;
  mail.email = method.email;
  mail.page = page;
  mail.token = Secret(method.principal);
  mail.code = code;
  if (method.expires_at.has_value()) mail.good_for = *method.expires_at - now;
  return mail;
}

}  // namespace usher::auth
