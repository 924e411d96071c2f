#include "services/auth/mail/mail_sender.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/status/try.h"
#include "services/auth/mail/letters.h"
#include "services/auth/mail/mail_address.h"

namespace usher::auth {
namespace {

constexpr int kMostInARound = 50;
constexpr absl::Duration kQuestionTime = absl::Seconds(5);
constexpr absl::Duration kLongestPause = absl::Minutes(30);

RepeatingOptions Rhythm(const MailSenderOptions& options, prometheus::Registry* registry) {
  return {.name = "mail",
          .period = options.period,
          .longest_retry = std::min<absl::Duration>(absl::Seconds(30), options.first_pause),
          .registry = registry};
}

prometheus::Gauge& GaugeOf(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

absl::Duration PauseAfterAttempts(const MailSenderOptions& options, int attempts) {
  absl::Duration pause = options.first_pause;
  for (int attempt = 1; attempt < attempts && pause < kLongestPause; ++attempt) pause *= 2;
  return std::min(pause, std::max(kLongestPause, options.first_pause));
}

MailSender::Metrics::Metrics(prometheus::Registry& registry)
    : waiting(GaugeOf(registry, "usher_mail_waiting", "Mails that are yet to be sent.")),
      oldest(GaugeOf(registry, "usher_mail_oldest_age_seconds",
                     "How long the oldest of them has waited.")),
      dead(GaugeOf(registry, "usher_mail_dead", "Mails that were given up.")) {}

MailSender::MailSender(MailStore& store, Recipients& recipients, MailTransport* transport,
                       MailSeal seal, const Clock& clock, MailSenderOptions options,
                       std::map<MailKind, StillWanted> still_wanted, prometheus::Registry* registry)
    : store_(store),
      recipients_(recipients),
      transport_(transport),
      seal_(std::move(seal)),
      clock_(clock),
      options_(std::move(options)),
      still_wanted_(std::move(still_wanted)),
      repeating_(Rhythm(options_, registry), [this] { return SendDue(); }) {
  if (registry != nullptr) metrics_.emplace(*registry);
}

CallContext MailSender::OwnCall(absl::Duration time) const {
  CallContext call;
  call.rpc = "auth.mail";
  call.request_id = "mail";
  call.deadline = absl::Now() + time;
  call.cancelled = repeating_.ending();
  return call;
}

// What became of a mail is noted also when the thread is to end: else the mail would wait for its
// lease.
CallContext MailSender::SettlingCall() const {
  CallContext call = OwnCall(kQuestionTime);
  call.cancelled = nullptr;
  return call;
}

absl::Status MailSender::SendDue() {
  RETURN_IF_ERROR(TendOutbox());
  if (transport_ == nullptr) return absl::OkStatus();
  // The delivery, and the questions and changes around it.
  const absl::Duration lease = options_.longest_delivery + 6 * kQuestionTime;
  for (int sent = 0; sent < kMostInARound && !repeating_.ending()->load(); ++sent) {
    ASSIGN_OR_RETURN(const std::optional<QueuedMail> mail,
                     store_.Claim(OwnCall(kQuestionTime), lease));
    if (!mail.has_value()) break;
    RETURN_IF_ERROR(SendOne(*mail));
  }
  return absl::OkStatus();
}

absl::Status MailSender::TendOutbox() {
  RETURN_IF_ERROR(store_.Forget(OwnCall(kQuestionTime), options_.forget_dead_after));
  ASSIGN_OR_RETURN(const MailBacklog backlog, store_.Count(OwnCall(kQuestionTime)));
  if (metrics_.has_value()) {
    metrics_->waiting.Set(static_cast<double>(backlog.waiting));
    metrics_->oldest.Set(absl::ToDoubleSeconds(backlog.oldest));
    metrics_->dead.Set(static_cast<double>(backlog.dead));
  }
  return absl::OkStatus();
}

absl::Status MailSender::SendOne(const QueuedMail& mail) {
  const auto asked = still_wanted_.find(mail.draft.kind);
  if (asked != still_wanted_.end()) {
    ASSIGN_OR_RETURN(const bool wanted, asked->second(OwnCall(kQuestionTime), mail.draft));
    if (!wanted) return store_.Finish(SettlingCall(), mail, "no longer wanted");
  }
  std::string why;
  const absl::StatusOr<std::optional<Parcel>> parcel = Write(mail, &why);
  if (!parcel.ok()) {
    if (absl::IsInvalidArgument(parcel.status()) || absl::IsDataLoss(parcel.status())) {
      return GiveUp(mail, parcel.status().message());
    }
    // Nobody says where it is to go: others would fare no better.
    RETURN_IF_ERROR(TryLater(mail, parcel.status().message()));
    return parcel.status();
  }
  if (!parcel->has_value()) return store_.Finish(SettlingCall(), mail, why);
  return Settle(mail, transport_->Deliver(**parcel, repeating_.ending()));
}

absl::StatusOr<std::optional<Parcel>> MailSender::Write(const QueuedMail& mail, std::string* why) {
  const MailDraft& draft = mail.draft;
  Recipient recipient;
  if (!draft.user.empty()) {
    ASSIGN_OR_RETURN(const std::optional<Recipient> found,
                     recipients_.FindRecipient(OwnCall(kQuestionTime), draft.company, draft.user));
    recipient = found.value_or(Recipient());
  }
  if (!draft.recipient.empty()) recipient.email = draft.recipient;
  if (!draft.language.empty()) recipient.language = draft.language;
  if (recipient.email.empty()) {
    *why = "not sent: the user has no e-mail address";
    return std::optional<Parcel>();
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> title,
                   recipients_.FindTitle(OwnCall(kQuestionTime), draft.company));
  if (!title.has_value()) {
    *why = "not sent: the company is gone";
    return std::optional<Parcel>();
  }
  const std::string& shown = title->empty() ? options_.title : *title;
  ASSIGN_OR_RETURN(const Letter letter, LetterFor(draft, recipient, shown));
  ASSIGN_OR_RETURN(const MailAddress from, ParseMailAddress(options_.from));
  ASSIGN_OR_RETURN(MailAddress to, ParseMailAddress(recipient.email));
  Parcel parcel;
  parcel.from = from.text;
  parcel.to = std::move(to.text);
  parcel.takes_utf8 = to.takes_utf8;
  ASSIGN_OR_RETURN(parcel.message, ComposeMail({.from = options_.from,
                                                .from_title = shown,
                                                .to = recipient.email,
                                                .mail_id = draft.id.value(),
                                                .date = clock_.Now()},
                                               letter));
  return std::optional<Parcel>(std::move(parcel));
}

absl::StatusOr<Letter> MailSender::LetterFor(const MailDraft& draft, const Recipient& recipient,
                                             const std::string& title) const {
  ASSIGN_OR_RETURN(const Secret link, seal_.Open(draft.sealed_link, draft.company, draft.id));
  const LetterContent content = {.title = title,
                                 .name = recipient.name,
                                 .username = draft.username,
                                 .link = std::string(link.Reveal()),
                                 .good_for = draft.good_for};
  const Language language = LanguageOf(recipient.language, options_.language);
  switch (draft.kind) {
    case MailKind::kPasswordReset:
      return ResetLetter(language, content);
    case MailKind::kInvitation:
      return InvitationLetter(language, content);
    case MailKind::kDecoy:
      break;
  }
  return absl::InvalidArgumentError("there is no letter of this kind");
}

absl::Status MailSender::Settle(const QueuedMail& mail, const DeliveryReport& report) {
  switch (report.outcome) {
    case Delivery::kTaken:
      log::Info("mail sent", {{"mail", mail.draft.id.value()},
                              {"kind", MailKindName(mail.draft.kind)},
                              {"company", mail.draft.company.value()}});
      return store_.Finish(SettlingCall(), mail, "sent");
    case Delivery::kRefused:
      return GiveUp(mail, report.detail);
    case Delivery::kLater:
      return TryLater(mail, report.detail);
    case Delivery::kNoServer:
      break;
  }
  RETURN_IF_ERROR(TryLater(mail, report.detail));
  return absl::UnavailableError(absl::StrCat("the mail server: ", report.detail));
}

absl::Status MailSender::TryLater(const QueuedMail& mail, absl::string_view error) {
  if (mail.age >= options_.dead_after) return GiveUp(mail, error);
  return store_.Postpone(SettlingCall(), mail, PauseAfterAttempts(options_, mail.attempts), error);
}

// What a server answers may name the address: that is for who looks into the outbox.
absl::Status MailSender::GiveUp(const QueuedMail& mail, absl::string_view error) {
  log::Warning("mail given up: usher-auth --mail shows it, --send_again tries once more",
               {{"mail", mail.draft.id.value()},
                {"kind", MailKindName(mail.draft.kind)},
                {"company", mail.draft.company.value()}});
  return store_.Bury(SettlingCall(), mail, error);
}

}  // namespace usher::auth
