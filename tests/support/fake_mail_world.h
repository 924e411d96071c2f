// What a mail sender asks: people and companies, and a mail server, in memory.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "services/auth/mail/mail_transport.h"
#include "services/auth/mail/recipients.h"

namespace usher::auth {

// Not thread-safe.
class FakeRecipients final : public Recipients {
 public:
  std::map<std::pair<CompanyId, UserId>, Recipient> people;
  std::map<CompanyId, std::string> titles;
  absl::Status failure;  // of all questions

  absl::StatusOr<std::optional<Recipient>> FindRecipient(const CallContext& /*call*/,
                                                         const CompanyId& company,
                                                         const UserId& user) override {
    if (!failure.ok()) return failure;
    const auto found = people.find({company, user});
    if (found == people.end()) return std::optional<Recipient>();
    return std::optional<Recipient>(found->second);
  }
  absl::StatusOr<std::optional<std::string>> FindTitle(const CallContext& /*call*/,
                                                       const CompanyId& company) override {
    if (!failure.ok()) return failure;
    const auto found = titles.find(company);
    if (found == titles.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
};

// Answers what `answers` says, in turn; then takes everything. Not thread-safe.
class FakeMailServer final : public MailTransport {
 public:
  std::vector<DeliveryReport> answers;
  std::vector<Parcel> tried;

  DeliveryReport Deliver(const Parcel& parcel,
                         const std::shared_ptr<const std::atomic<bool>>& /*ending*/) override {
    tried.push_back(parcel);
    if (tried.size() > answers.size()) return {Delivery::kTaken, ""};
    return answers[tried.size() - 1];
  }
};

}  // namespace usher::auth
