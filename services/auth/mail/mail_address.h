// Addresses as people write them, and as mail servers take them.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace usher::auth {

// As a mail server takes it.
struct MailAddress {
  std::string text;         // its domain in ASCII: "anna@xn--bro-hoa.example"
  bool takes_utf8 = false;  // there are other characters before the @: SMTPUTF8 (RFC 6531)
};

// One address of plain form, at most 254 bytes as it is sent: letters and digits of any script and
// !#$%&'*+-/=?^_`{|}~ with single dots before the @; a host name of two labels or more behind it,
// of which what is not ASCII becomes A-labels (IDNA 2008; ß stays what it is). kInvalidArgument, in
// words without the address.
absl::StatusOr<MailAddress> ParseMailAddress(absl::string_view address);

}  // namespace usher::auth
