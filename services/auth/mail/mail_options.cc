#include "services/auth/mail/mail_options.h"

#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/log.h"
#include "common/status/try.h"
#include "services/auth/mail/mail_address.h"

ABSL_FLAG(std::string, link_bases, "",
          "Where links in mails may lead, https://host/path, separated by commas; the first is the "
          "one where a request names none. Empty: no mail with a link is sent.");
ABSL_FLAG(std::string, mail_server, "",
          "Mail server: smtp://host:port (STARTTLS), or smtps://host:port (TLS). Empty: no mail is "
          "sent.");
ABSL_FLAG(bool, mail_plain, false, "smtp:// without TLS: for a server on this machine.");
ABSL_FLAG(std::string, mail_ca, "", "PEM file: CA of the mail server. Empty: the system's.");
ABSL_FLAG(std::string, mail_user, "", "User name at the mail server. Empty: none.");
ABSL_FLAG(std::string, mail_password_file, "", "File with the password of --mail_user.");
ABSL_FLAG(std::string, mail_from, "", "Address that mails come from.");
ABSL_FLAG(std::string, mail_title, "usher",
          "Name that mails come from where the company has no title.");
ABSL_FLAG(std::string, mail_language, "en", "Language of mails to users who named none: en, de.");
ABSL_FLAG(absl::Duration, mail_timeout, absl::Seconds(30), "Longest time of sending one mail.");
ABSL_FLAG(absl::Duration, mail_first_pause, absl::Seconds(30),
          "Pause before a mail is tried a second time; doubles from then on, up to half an hour.");
ABSL_FLAG(absl::Duration, mail_dead_after, absl::Hours(72),
          "A mail that could not be sent for so long is given up; an operator can send it again.");
ABSL_FLAG(absl::Duration, mail_forgotten_after, absl::Hours(30 * 24),
          "Mails that were given up are deleted after this.");

namespace usher::auth {
namespace {

absl::Status Check(const MailOptions& options, const std::string& language) {
  if (language != "en" && language != "de") {
    return absl::InvalidArgumentError("--mail_language must be en or de");
  }
  const MailSenderOptions& sender = options.sender;
  if (sender.first_pause < absl::Milliseconds(1) || sender.dead_after < sender.first_pause ||
      sender.forget_dead_after < absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        "--mail_first_pause must be 1ms or more, --mail_dead_after at least as much");
  }
  if (options.smtp.server.empty()) return absl::OkStatus();
  const absl::StatusOr<MailAddress> from = ParseMailAddress(sender.from);
  if (!from.ok() || from->takes_utf8) {
    return absl::InvalidArgumentError("--mail_from must be an address like usher@example.org");
  }
  if (options.smtp.user.empty() != options.smtp.password_file.empty()) {
    return absl::InvalidArgumentError("--mail_user and --mail_password_file go together");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MailOptions> ReadMailOptions() {
  MailOptions options;
  const std::vector<std::string> bases =
      absl::StrSplit(absl::GetFlag(FLAGS_link_bases), ',', absl::SkipWhitespace());
  auto parsed = LinkBases::Parse(bases);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--link_bases: ", parsed.status().message()));
  }
  options.link_bases = *std::move(parsed);
  options.smtp.server = absl::GetFlag(FLAGS_mail_server);
  options.smtp.plain = absl::GetFlag(FLAGS_mail_plain);
  options.smtp.ca = absl::GetFlag(FLAGS_mail_ca);
  options.smtp.user = absl::GetFlag(FLAGS_mail_user);
  options.smtp.password_file = absl::GetFlag(FLAGS_mail_password_file);
  options.smtp.longest = absl::GetFlag(FLAGS_mail_timeout);
  const std::string language = absl::GetFlag(FLAGS_mail_language);
  options.sender.language = language == "de" ? Language::kGerman : Language::kEnglish;
  options.sender.from = absl::GetFlag(FLAGS_mail_from);
  options.sender.title = absl::GetFlag(FLAGS_mail_title);
  options.sender.longest_delivery = options.smtp.longest;
  options.sender.first_pause = absl::GetFlag(FLAGS_mail_first_pause);
  options.sender.dead_after = absl::GetFlag(FLAGS_mail_dead_after);
  options.sender.forget_dead_after = absl::GetFlag(FLAGS_mail_forgotten_after);
  RETURN_IF_ERROR(Check(options, language));
  return options;
}

absl::StatusOr<std::unique_ptr<SmtpTransport>> OpenMail(const MailOptions& options) {
  if (options.link_bases.empty()) {
    log::Warning(
        "no --link_bases: no mail with a link is sent; administrators are still told the "
        "tokens that they ask for");
  }
  if (options.smtp.server.empty()) {
    log::Warning("no --mail_server: no mail is sent");
    return std::unique_ptr<SmtpTransport>();
  }
  auto opened = SmtpTransport::Open(options.smtp);
  if (!opened.ok()) return absl::InvalidArgumentError(opened.status().message());
  return opened;
}

}  // namespace usher::auth
