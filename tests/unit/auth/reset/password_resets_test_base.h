// Resets of passwords, with an outbox whose mails can be read.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "services/auth/reset/password_resets.h"
#include "tests/support/fake_mail_store.h"
#include "tests/support/fake_reset_store.h"
#include "tests/support/method_test_base.h"

namespace usher::auth {

class PasswordResetsTestBase : public MethodTestBase {
 protected:
  static constexpr char kNewPassword[] = "nW6$tt-2pq";

  static PasswordResetOptions Options() {
    PasswordResetOptions options;
    options.mails_are_sent = true;
    options.link_bases = *LinkBases::Parse({"https://meet.example.org/account"});
    return options;
  }

  ResetAnswer Requested(const std::string& username, const Caller* caller = nullptr,
                        const std::string& company = "acme") {
    const auto answer =
        resets_.Request(ACall(), caller, {.company = CompanyId(company), .username = username});
    EXPECT_OK(answer);
    return answer.value_or(ResetAnswer());
  }
  // The one mail that is in the outbox for somebody; what its link says.
  std::map<std::string, std::string> Link() {
    std::map<std::string, std::string> values;
    for (const MailDraft& mail : mails_.All()) {
      if (mail.kind == MailKind::kDecoy) continue;
      const auto link = MailSeal(TestPepper()).Open(mail.sealed_link, mail.company, mail.id);
      EXPECT_OK(link);
      const std::vector<std::string> parts = absl::StrSplit(link->Reveal(), '#');
      values["page"] = parts[0];
      for (const absl::string_view pair : absl::StrSplit(parts[1], '&')) {
        values.insert(std::pair<std::string, std::string>(absl::StrSplit(pair, '=')));
      }
    }
    return values;
  }
  std::string MailedToken() { return Link()["passwordResetToken"]; }
  absl::Status Use(const std::string& username, const std::string& token,
                   const std::string& password = kNewPassword, const UserId& user = UserId(),
                   const std::string& company = "acme") {
    return resets_.Use(ACall(), {.company = CompanyId(company),
                                 .user = user,
                                 .username = username,
                                 .token = Secret(token),
                                 .password = Secret(password)});
  }
  // A change of the status of a password method.
  static MethodWish StatusOnlyOf(const std::string& username, AccountStatus status) {
    MethodWish wish = Password(username, "");
    wish.status = status;
    return wish;
  }
  size_t MailsForSomebody() {
    size_t count = 0;
    for (const MailDraft& mail : mails_.All()) count += mail.kind == MailKind::kDecoy ? 0 : 1;
    return count;
  }

  FakeMailStore mails_{clock_};
  FakeResetStore reset_store_{store_, mails_, clock_};
  PasswordResets resets_{reset_store_, store_,      store_,    vault_,   TestPepper(),
                         revocations_, auth_clock_, throttle_, Options()};
};

}  // namespace usher::auth
