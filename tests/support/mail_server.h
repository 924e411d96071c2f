// A real mail server for tests, and what it has taken.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/child_process.h"

namespace usher {

// One that was taken.
struct TakenMail {
  std::string from;
  std::vector<std::string> to;  // of RCPT TO
  std::string content;          // as it came, but for line ends, which are '\n'
  bool tls = false;
  std::string user;  // who was signed in

  // The header's lines, unfolded; names as they are written. Throws where one is there twice.
  std::map<std::string, std::string> Header() const;
  // The plain text of it, decoded.
  std::string Text() const;
};

// tests/support/smtp_server.py, which says what the words mean. Throws when it does not start.
class MailServer {
 public:
  explicit MailServer(const std::vector<std::string>& words);
  ~MailServer();
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  std::string Port() const;
  std::vector<TakenMail> Taken() const;
  // The mail to that address; throws when none comes.
  TakenMail Await(const std::string& to) const;
  // Every RCPT TO, in order, answered well or not.
  std::vector<std::string> Named() const;

 private:
  std::string folder_;
  std::unique_ptr<ChildProcess> process_;
};

// Whether it comes to hold within half a minute. Looks every few milliseconds.
bool Comes(const std::function<bool()>& holds);

}  // namespace usher
