// Sends what is in the outbox.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/repeating.h"
#include "services/auth/mail/mail_message.h"
#include "services/auth/mail/mail_seal.h"
#include "services/auth/mail/mail_store.h"
#include "services/auth/mail/mail_transport.h"
#include "services/auth/mail/recipients.h"

namespace usher::auth {

struct MailSenderOptions {
  std::string from;                        // address
  std::string title;                       // where a company has none
  Language language = Language::kEnglish;  // of who named none
  absl::Duration longest_delivery = absl::Seconds(30);
  absl::Duration first_pause = absl::Seconds(30);  // doubles with each attempt
  absl::Duration dead_after = absl::Hours(72);
  absl::Duration forget_dead_after = absl::Hours(30 * 24);
  // From the end of one round to the beginning of the next.
  absl::Duration period = absl::Seconds(1);
};

// Asked before each attempt: whether what the mail tells is still good, and now good for as long as
// the mail says. Kinds without one are always.
using StillWanted = std::function<absl::StatusOr<bool>(const CallContext&, const MailDraft&)>;

// The pause after the given number of attempts.
absl::Duration PauseAfterAttempts(const MailSenderOptions& options, int attempts);

// A thread in every replica: mails are claimed one by one, with a lease. A server that is not there
// is tried with one mail a round, and rounds become rarer (Repeating).
class MailSender {
 public:
  // `registry` may be null; `transport` too: then nothing is sent, and only what lies there is
  // counted and forgotten.
  MailSender(MailStore& store, Recipients& recipients, MailTransport* transport, MailSeal seal,
             const Clock& clock, MailSenderOptions options,
             std::map<MailKind, StillWanted> still_wanted, prometheus::Registry* registry);

  void Start() { repeating_.Start(); }

  // One round. kUnavailable where there was nobody to take a mail, or nobody who knows where it is
  // to go.
  absl::Status SendDue();

 private:
  struct Metrics {
    explicit Metrics(prometheus::Registry& registry);
    prometheus::Gauge& waiting;
    prometheus::Gauge& oldest;
    prometheus::Gauge& dead;
  };

  CallContext OwnCall(absl::Duration time) const;
  CallContext SettlingCall() const;
  absl::Status TendOutbox();
  absl::Status SendOne(const QueuedMail& mail);
  // Nothing where the mail is nobody's any more; the reason stands in `why`.
  absl::StatusOr<std::optional<Parcel>> Write(const QueuedMail& mail, std::string* why);
  absl::StatusOr<Letter> LetterFor(const MailDraft& draft, const Recipient& recipient,
                                   const std::string& title) const;
  absl::Status Settle(const QueuedMail& mail, const DeliveryReport& report);
  absl::Status TryLater(const QueuedMail& mail, absl::string_view error);
  absl::Status GiveUp(const QueuedMail& mail, absl::string_view error);

  MailStore& store_;
  Recipients& recipients_;
  MailTransport* const transport_;
  const MailSeal seal_;
  const Clock& clock_;
  const MailSenderOptions options_;
  const std::map<MailKind, StillWanted> still_wanted_;
  std::optional<Metrics> metrics_;
  Repeating repeating_;
};

}  // namespace usher::auth
