// A mail server, by SMTP (RFC 5321), with STARTTLS or TLS from the start, by libcurl.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/secret.h"
#include "services/auth/mail/mail_transport.h"

namespace usher::auth {

struct SmtpOptions {
  std::string server;  // smtp://host:port, or smtps:// for TLS from the start
  bool plain = false;  // smtp:// without STARTTLS: everybody on the way reads along
  std::string ca;      // PEM file; empty: those of the system
  std::string user;    // empty: no authentication
  std::string password_file;
  // For a mail altogether. Connecting takes a third of it at the most.
  absl::Duration longest = absl::Seconds(30);
};

// Keeps its connection for the next mail. The file of the password is read for every connection,
// so that a new one counts without a restart.
class SmtpTransport final : public MailTransport {
 public:
  // kInvalidArgument for a server that is none, and for a password without TLS.
  static absl::StatusOr<std::unique_ptr<SmtpTransport>> Open(SmtpOptions options);
  ~SmtpTransport() override;

  DeliveryReport Deliver(const Parcel& parcel,
                         const std::shared_ptr<const std::atomic<bool>>& ending) override;

 private:
  struct Exchange;

  SmtpTransport(SmtpOptions options, void* curl) : options_(std::move(options)), curl_(curl) {}
  absl::Status Prepare();
  // Whether the server offers SMTPUTF8; how asking it went.
  DeliveryReport AskForUtf8(const std::shared_ptr<const std::atomic<bool>>& ending, bool* offered);
  // What libcurl has come to, with the settings that were made.
  DeliveryReport Perform(Exchange* exchange);

  const SmtpOptions options_;
  void* const curl_;  // CURL*
};

}  // namespace usher::auth
