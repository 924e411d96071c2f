#include "tests/support/mail_server.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "tests/support/file_content.h"
#include "tests/support/folders.h"

namespace usher {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

TakenMail Read(const std::string& path) {
  google::protobuf::Struct json;
  const auto parsed = google::protobuf::util::JsonStringToMessage(FileContent(path), &json);
  if (!parsed.ok()) throw std::runtime_error(path + " is no JSON");
  const auto& fields = json.fields();
  TakenMail mail;
  mail.from = fields.at("from").string_value();
  for (const auto& to : fields.at("to").list_value().values()) mail.to.push_back(to.string_value());
  mail.content = absl::StrReplaceAll(fields.at("content").string_value(), {{"\r\n", "\n"}});
  mail.tls = fields.at("tls").bool_value();
  mail.user = fields.at("user").string_value();
  return mail;
}

// Quoted-printable, undone.
std::string Decoded(absl::string_view text) {
  const std::string joined = absl::StrReplaceAll(text, {{"=\n", ""}});
  std::string decoded;
  for (size_t at = 0; at < joined.size(); ++at) {
    int byte = 0;
    if (joined[at] == '=' && absl::SimpleHexAtoi(joined.substr(at + 1, 2), &byte)) {
      decoded.push_back(static_cast<char>(byte));
      at += 2;
    } else {
      decoded.push_back(joined[at]);
    }
  }
  return decoded;
}

}  // namespace

std::map<std::string, std::string> TakenMail::Header() const {
  const std::string unfolded =
      absl::StrReplaceAll(content.substr(0, content.find("\n\n")), {{"\n ", " "}});
  std::map<std::string, std::string> header;
  for (const absl::string_view line : absl::StrSplit(unfolded, '\n')) {
    const std::pair<std::string, std::string> field =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    if (!header.insert(field).second) throw std::runtime_error(field.first + " is there twice");
  }
  return header;
}

std::string TakenMail::Text() const {
  const size_t part = content.find("Content-Type: text/plain");
  const size_t begin = content.find("\n\n", part) + 2;
  return Decoded(content.substr(begin, content.find("\n--=_", begin) - begin));
}

bool Comes(const std::function<bool()>& holds) {
  const absl::Time until = absl::Now() + kPatience;
  while (!holds()) {
    if (absl::Now() > until) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

MailServer::MailServer(const std::vector<std::string>& words) {
  std::string pattern = "/tmp/usher_mail_XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  std::vector<std::string> command = {SourceFolder() + "/tests/support/smtp_server.py", folder_};
  command.insert(command.end(), words.begin(), words.end());
  process_ = std::make_unique<ChildProcess>(command, folder_ + "/log");
  if (!Comes([this] { return !Port().empty() || !process_->IsRunning(); }) || Port().empty()) {
    throw std::runtime_error(absl::StrCat("no mail server:\n", FileContent(folder_ + "/log")));
  }
}

MailServer::~MailServer() {
  process_.reset();
  std::filesystem::remove_all(folder_);
}

std::string MailServer::Port() const { return FileContent(folder_ + "/port"); }

std::vector<TakenMail> MailServer::Taken() const {
  std::vector<TakenMail> taken;
  for (int number = 1;; ++number) {
    const std::string path = absl::StrCat(folder_, "/", number, ".json");
    if (!std::filesystem::exists(path)) return taken;
    taken.push_back(Read(path));
  }
}

TakenMail MailServer::Await(const std::string& to) const {
  TakenMail found;
  const bool came = Comes([&] {
    for (const TakenMail& mail : Taken()) {
      if (mail.to.empty() || mail.to.front() != to) continue;
      found = mail;
      return true;
    }
    return false;
  });
  if (!came) {
    throw std::runtime_error(absl::StrCat("no mail to ", to, ":\n", FileContent(folder_ + "/log")));
  }
  return found;
}

std::vector<std::string> MailServer::Named() const {
  return absl::StrSplit(FileContent(folder_ + "/recipients"), '\n', absl::SkipEmpty());
}

}  // namespace usher
