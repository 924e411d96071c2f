// What people and companies are called, on its way into a mail; and where its link leads.
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "services/auth/mail/letters.h"
#include "services/auth/mail/link_bases.h"
#include "services/auth/mail/mail_address.h"
#include "services/auth/mail/mail_message.h"
#include "tests/fuzz/property.h"

namespace {

using namespace usher;
using namespace usher::auth;

// Nothing that was given ends a line, the header, a part or the mail.
void CheckForm(absl::string_view mail) {
  int fields = 0;
  int boundaries = 0;
  bool in_header = true;
  for (const absl::string_view line : absl::StrSplit(mail, "\r\n")) {
    fuzz::Require(line.size() <= 320, "lines are short");  // an address is not folded
    fuzz::Require(line.find_first_of(absl::string_view("\r\n\0", 3)) == absl::string_view::npos,
                  "lines end in CRLF");
    fuzz::Require(!absl::StartsWith(line, "."), "no line means something to SMTP");
    if (line.empty()) in_header = false;
    if (in_header && !absl::StartsWith(line, " ")) ++fields;
    if (absl::StartsWith(line, "--=_")) ++boundaries;
  }
  fuzz::Require(fields == 9, "the header has its fields and no other");
  fuzz::Require(boundaries == 3, "the parts are two");
}

// What is handed to a mail server is one address, whatever was given.
void CheckAddress(const std::string& given) {
  const auto address = ParseMailAddress(given);
  if (!address.ok()) return;
  const absl::string_view text = address->text;
  fuzz::Require(
      text.find_first_of(absl::string_view("\r\n\0 <>,;:\"\\()[]", 15)) == absl::string_view::npos,
      "nothing ends or quotes an address");
  fuzz::Require(text.find('@') == text.rfind('@') && text.find('@') != absl::string_view::npos,
                "an address is one");
  fuzz::Require(text.size() <= 254, "an address is short");
  const auto again = ParseMailAddress(text);
  fuzz::Require(again.ok() && again->text == text, "what is an address stays one");
}

void CheckLink(absl::string_view text) {
  static const auto* const bases = new LinkBases(*LinkBases::Parse({"https://example.org/a"}));
  const auto page = bases->PageFor("page", text);
  if (!page.ok() || !page->has_value() || text.empty()) return;
  const std::string again = (*page)->Text();
  fuzz::Require(again == "https://example.org/a" ||
                    absl::StartsWith(again, "https://example.org/a/") ||
                    absl::StartsWith(again, "https://example.org/a?") ||
                    absl::StartsWith(again, "https://example.org/a#"),
                "a page lies below its base");
  const std::optional<Page> read = ParsePage(again);
  fuzz::Require(read.has_value() && read->Text() == again, "what was written can be read");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = fuzz::Text(data, size);
  CheckLink(text);
  const std::string given(text);
  const LetterContent content = {.title = given,
                                 .name = given,
                                 .username = given,
                                 .link = "https://example.org/#token=x",
                                 .good_for = absl::Hours(1)};
  const Language language = size % 2 == 0 ? Language::kGerman : Language::kEnglish;
  Envelope envelope = {.from = "usher@example.org",
                       .from_title = given,
                       .to = "anna@example.org",
                       .mail_id = "01900000-0000-7000-8000-000000000001",
                       .date = absl::UnixEpoch()};
  for (const Letter& letter :
       {ResetLetter(language, content), InvitationLetter(language, content),
        Letter{.language = language, .subject = given, .text = given, .html = given}}) {
    const auto mail = ComposeMail(envelope, letter);
    fuzz::Require(mail.ok(), "good addresses make a mail");
    CheckForm(*mail);
  }
  CheckAddress(given);
  envelope.to = given;
  const auto mail =
      ComposeMail(envelope, ResetLetter(language, {.title = "a", .link = "https://example.org/"}));
  if (mail.ok()) CheckForm(*mail);
  return 0;
}
