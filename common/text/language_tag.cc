#include "common/text/language_tag.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "common/status/reply_error.h"

namespace usher::text {
namespace {

// RFC 5646, section 4.4.1 asks for room for 35; extensions take more.
constexpr size_t kLongestTag = 64;

bool AllLetters(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isalpha(c); });
}
bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isdigit(c); });
}
bool AllAlphanumeric(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isalnum(c); });
}

// Reads the subtags of one tag from the left: langtag of RFC 5646, section 2.1.
class Subtags {
 public:
  explicit Subtags(absl::string_view tag) : subtags_(absl::StrSplit(tag, '-')) {}

  bool AreWellFormed() {
    if (IsPrivateUse()) return ReadPrivateUse() && AtEnd();
    if (!ReadLanguage()) return false;
    if (IsLetters(4)) ++next_;                                 // script
    if (IsLetters(2) || (Is(3) && AllDigits(Now()))) ++next_;  // region
    while (IsVariant()) ++next_;
    while (IsExtension()) {
      if (!ReadExtension()) return false;
    }
    if (IsPrivateUse() && !ReadPrivateUse()) return false;
    return AtEnd();
  }

 private:
  bool AtEnd() const { return next_ == subtags_.size(); }
  absl::string_view Now() const { return AtEnd() ? absl::string_view() : subtags_[next_]; }
  bool Is(size_t size) const { return Now().size() == size; }
  bool IsLetters(size_t size) const { return Is(size) && AllLetters(Now()); }
  bool IsOfSize(size_t shortest, size_t longest) const {
    return Now().size() >= shortest && Now().size() <= longest && AllAlphanumeric(Now());
  }

  bool ReadLanguage() {
    if (!IsOfSize(2, 8) || !AllLetters(Now())) return false;
    const bool may_extend = Now().size() <= 3;
    ++next_;
    for (int i = 0; may_extend && i < 3 && IsLetters(3); ++i) ++next_;
    return true;
  }
  bool IsVariant() const {
    return IsOfSize(5, 8) || (Is(4) && AllDigits(Now().substr(0, 1)) && AllAlphanumeric(Now()));
  }
  bool IsPrivateUse() const { return Now() == "x" || Now() == "X"; }
  bool IsExtension() const { return Is(1) && AllAlphanumeric(Now()) && !IsPrivateUse(); }
  // Each singleton once.
  bool ReadExtension() {
    if (!singletons_.insert(absl::ascii_tolower(static_cast<unsigned char>(Now()[0]))).second) {
      return false;
    }
    return ReadRun(2);
  }
  bool ReadPrivateUse() { return ReadRun(1); }
  // What introduces it, and one or more behind it.
  bool ReadRun(size_t shortest) {
    const size_t begin = ++next_;
    while (IsOfSize(shortest, 8)) ++next_;
    return next_ > begin;
  }

  const std::vector<absl::string_view> subtags_;
  size_t next_ = 0;
  std::set<char> singletons_;
};

}  // namespace

absl::StatusOr<std::string> OptionalLanguageTag(absl::string_view field, absl::string_view raw) {
  const absl::string_view tag = absl::StripAsciiWhitespace(raw);
  if (tag.size() > kLongestTag) return FieldTooLong(field, kLongestTag);
  if (!tag.empty() && !Subtags(tag).AreWellFormed()) {
    return FieldMalformed(field, "is not a language tag of BCP 47, such as 'de' or 'en-GB'");
  }
  return std::string(tag);
}

}  // namespace usher::text
