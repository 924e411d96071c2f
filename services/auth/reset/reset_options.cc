#include "services/auth/reset/reset_options.h"

#include "absl/flags/flag.h"

ABSL_FLAG(absl::Duration, reset_lifetime, absl::Hours(1),
          "How long a password reset token is good, from when its mail is on its way.");
ABSL_FLAG(uint32_t, reset_mails_an_hour, 3, "Password resets by mail for one account in an hour.");

namespace usher::auth {

absl::StatusOr<PasswordResetOptions> ReadResetOptions(const MailOptions& mail) {
  PasswordResetOptions options;
  options.lifetime = absl::GetFlag(FLAGS_reset_lifetime);
  options.most_mails_an_hour = absl::GetFlag(FLAGS_reset_mails_an_hour);
  options.mails_are_sent = !mail.smtp.server.empty();
  options.link_bases = mail.link_bases;
  if (options.lifetime < absl::Seconds(1) || options.lifetime > absl::Hours(24)) {
    return absl::InvalidArgumentError("--reset_lifetime must be between 1s and 24h");
  }
  if (options.most_mails_an_hour < 1) {
    return absl::InvalidArgumentError("--reset_mails_an_hour must be 1 or more");
  }
  return options;
}

}  // namespace usher::auth
