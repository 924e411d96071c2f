#include "services/auth/directory/ldap_connection.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/printable.h"
#include "common/db/watchdog.h"
#include "common/status/try.h"

namespace usher::auth {
namespace {

constexpr ber_len_t kLargestMessage = 256 * 1024;  // bytes
constexpr int kMostEntries = 2;
// References to elsewhere that may come along before it is enough.
constexpr int kMostMessages = 100;
constexpr size_t kLongestValue = 1024;  // bytes
constexpr size_t kLongestDetail = 200;  // bytes

timeval UntilThen(absl::Time deadline) {
  return absl::ToTimeval(std::max(deadline - absl::Now(), absl::Milliseconds(1)));
}

template <class T>
bool Set(LDAP* ldap, int option, const T& value) {
  return ldap_set_option(ldap, option, &value) == LDAP_OPT_SUCCESS;
}

// Whatever the system's ldap.conf and the environment say.
bool SetOptions(LDAP* ldap, const DirectorySettings& settings, absl::Duration patience) {
  const timeval connecting = absl::ToTimeval(patience);
  bool good = Set(ldap, LDAP_OPT_PROTOCOL_VERSION, int{LDAP_VERSION3}) &&
              ldap_set_option(ldap, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS &&
              ldap_set_option(ldap, LDAP_OPT_RESTART, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
              Set(ldap, LDAP_OPT_DEREF, int{LDAP_DEREF_NEVER}) &&
              Set(ldap, LDAP_OPT_SIZELIMIT, kMostEntries) &&
              Set(ldap, LDAP_OPT_NETWORK_TIMEOUT, connecting) &&
              Set(ldap, LDAP_OPT_TIMEOUT, connecting);
  if (settings.plaintext) return good;
  good = good && Set(ldap, LDAP_OPT_X_TLS_REQUIRE_CERT, int{LDAP_OPT_X_TLS_DEMAND}) &&
         Set(ldap, LDAP_OPT_X_TLS_PROTOCOL_MIN, int{LDAP_OPT_X_TLS_PROTOCOL_TLS1_2}) &&
         ldap_set_option(ldap, LDAP_OPT_X_TLS_CACERTDIR, nullptr) == LDAP_OPT_SUCCESS &&
         ldap_set_option(ldap, LDAP_OPT_X_TLS_CERTFILE, nullptr) == LDAP_OPT_SUCCESS &&
         ldap_set_option(ldap, LDAP_OPT_X_TLS_KEYFILE, nullptr) == LDAP_OPT_SUCCESS &&
         ldap_set_option(ldap, LDAP_OPT_X_TLS_CACERTFILE, settings.ca.c_str()) == LDAP_OPT_SUCCESS;
  // Makes the options count for this connection.
  return good && Set(ldap, LDAP_OPT_X_TLS_NEWCTX, int{0});
}

// TLS from the start is begun by us as well, where it can be ended in time (ShakeHands).
std::string AddressesOf(const DirectorySettings& settings) {
  std::vector<std::string> plain;
  for (const std::string& url : settings.urls) {
    LDAPURLDesc* parts = nullptr;
    if (ldap_url_parse(url.c_str(), &parts) != LDAP_URL_SUCCESS) continue;
    const absl::string_view host(parts->lud_host);
    plain.push_back(absl::StrContains(host, ':')
                        ? absl::StrCat("ldap://[", host, "]:", parts->lud_port)
                        : absl::StrCat("ldap://", host, ":", parts->lud_port));
    ldap_free_urldesc(parts);
  }
  return absl::StrJoin(plain, " ");
}

db::Watchdog& TheWatchdog() {
  static auto* const watchdog = new db::Watchdog();
  return *watchdog;
}

// It has judged the entry and the password, and will judge them alike the next time.
bool IsRefusal(int code) {
  switch (code) {
    case LDAP_INVALID_CREDENTIALS:
    case LDAP_INAPPROPRIATE_AUTH:    // the entry has no password
    case LDAP_INSUFFICIENT_ACCESS:   // it may not sign in
    case LDAP_UNWILLING_TO_PERFORM:  // so some say of accounts that are switched off
    case LDAP_CONSTRAINT_VIOLATION:  // so do others
    case LDAP_NO_SUCH_OBJECT:
    case LDAP_INVALID_DN_SYNTAX:
    case LDAP_INVALID_SYNTAX:
    case LDAP_NAMING_VIOLATION:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<LdapConnection>> LdapConnection::Prepare(
    const DirectorySettings& settings, absl::Time deadline) {
  // libldap and its TLS make what all connections share when the first one comes.
  static absl::Mutex mutex(absl::kConstInit);
  const absl::MutexLock lock(&mutex);
  LDAP* ldap = nullptr;
  const std::string urls = AddressesOf(settings);
  if (ldap_initialize(&ldap, urls.c_str()) != LDAP_SUCCESS) {
    return absl::FailedPreconditionError(absl::StrCat("libldap does not take ", urls));
  }
  std::unique_ptr<LdapConnection> connection(new LdapConnection(ldap));
  // Each has its part of the time.
  const absl::Duration patience = std::max(deadline - absl::Now(), absl::Milliseconds(1)) /
                                  static_cast<int64_t>(settings.urls.size());
  if (!SetOptions(ldap, settings, patience)) {
    return absl::FailedPreconditionError(
        absl::StrCat("libldap does not take its options; is ", settings.ca, " a CA?"));
  }
  return connection;
}

absl::StatusOr<std::unique_ptr<LdapConnection>> LdapConnection::Open(
    const DirectorySettings& settings, absl::Time deadline) {
  ASSIGN_OR_RETURN(std::unique_ptr<LdapConnection> connection, Prepare(settings, deadline));
  const int connected = ldap_connect(connection->ldap_);
  if (connected != LDAP_SUCCESS) return connection->Failure(connected, "connecting");
  RETURN_IF_ERROR(connection->BeBounded());
  if (!settings.plaintext && !settings.with_tls_from_the_start()) {
    RETURN_IF_ERROR(connection->AskForTls(deadline));
  }
  if (!settings.plaintext) {
    RETURN_IF_ERROR(connection->ShakeHands(deadline));
    RETURN_IF_ERROR(connection->BeBounded());
  }
  if (!settings.plaintext && !connection->HasTls()) {
    return absl::FailedPreconditionError("there is no TLS");
  }
  return connection;
}

// Also where nobody answers: the other side is told and not waited for.
LdapConnection::~LdapConnection() { ldap_unbind_ext(ldap_, nullptr, nullptr); }

// A message that comes drop by drop, or a record of TLS that never ends, is waited for by poll(),
// which has a deadline, and not by read(), which has none.
absl::Status LdapConnection::BeBounded() {
  Sockbuf* buffer = nullptr;
  ber_len_t largest = kLargestMessage;
  int descriptor = -1;
  if (ldap_get_option(ldap_, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS || buffer == nullptr ||
      ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &largest) != 1 ||
      ldap_get_option(ldap_, LDAP_OPT_DESC, &descriptor) != LDAP_OPT_SUCCESS || descriptor < 0) {
    return absl::UnavailableError("the connection is gone");
  }
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0 ||
      fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) {
    return absl::UnavailableError("the connection cannot be bounded");
  }
  return absl::OkStatus();
}

absl::Status LdapConnection::AskForTls(absl::Time deadline) {
  int message_id = 0;
  const int sent = ldap_start_tls(ldap_, nullptr, nullptr, &message_id);
  if (sent != LDAP_SUCCESS) return Failure(sent, "StartTLS");
  ASSIGN_OR_RETURN(const Message message, Await(message_id, deadline, "StartTLS"));
  ASSIGN_OR_RETURN(const int code, ResultOf(message.get()));
  return code == LDAP_SUCCESS ? absl::OkStatus() : Failure(code, "StartTLS");
}

// libldap tries a handshake over GnuTLS again and again where it would block, until it is through,
// whatever the time-outs say: it may block then, until somebody cuts it off.
absl::Status LdapConnection::ShakeHands(absl::Time deadline) {
  const timeval none = {.tv_sec = -1, .tv_usec = 0};
  int descriptor = -1;
  if (!Set(ldap_, LDAP_OPT_NETWORK_TIMEOUT, none) ||
      ldap_get_option(ldap_, LDAP_OPT_DESC, &descriptor) != LDAP_OPT_SUCCESS || descriptor < 0 ||
      fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) != 0) {
    return absl::UnavailableError("the connection is gone");
  }
  db::Watchdog::Watch watch(TheWatchdog(), descriptor);
  watch.Start(deadline);
  const int installed = ldap_install_tls(ldap_);
  watch.Stop();
  if (installed == LDAP_SUCCESS) return absl::OkStatus();
  if (watch.cut_off()) {
    return absl::DeadlineExceededError("TLS: it does not answer in time");
  }
  return Failure(installed, "TLS");
}

bool LdapConnection::HasTls() const { return ldap_tls_inplace(ldap_) != 0; }

absl::StatusOr<bool> LdapConnection::Bind(const std::string& dn, const Secret& password,
                                          absl::Time deadline) {
  if (dn.empty() || IsBlank(password)) {
    return absl::FailedPreconditionError("nobody signs in without a name or a password");
  }
  // libldap takes it for changeable, and leaves it as it is.
  berval credentials = {password.size(), const_cast<char*>(password.Reveal().data())};
  int message_id = 0;
  const int sent = ldap_sasl_bind(ldap_, dn.c_str(), LDAP_SASL_SIMPLE, &credentials, nullptr,
                                  nullptr, &message_id);
  if (sent != LDAP_SUCCESS) return Failure(sent, "signing in");
  ASSIGN_OR_RETURN(const Message message, Await(message_id, deadline, "signing in"));
  ASSIGN_OR_RETURN(const int code, ResultOf(message.get()));
  if (code == LDAP_SUCCESS) return true;
  if (IsRefusal(code)) return false;
  return Failure(code, "signing in");
}

absl::StatusOr<std::vector<LdapEntry>> LdapConnection::Search(
    const std::string& base, Scope scope, const std::string& filter,
    const std::vector<std::string>& attributes, absl::Time deadline) {
  std::vector<char*> wanted;
  for (const std::string& attribute : attributes) {
    wanted.push_back(const_cast<char*>(attribute.c_str()));
  }
  wanted.push_back(nullptr);
  timeval longest = UntilThen(deadline);
  int message_id = 0;
  const int sent = ldap_search_ext(ldap_, base.c_str(),
                                   scope == Scope::kEntry ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE,
                                   filter.c_str(), wanted.data(), /*attrsonly=*/0, nullptr, nullptr,
                                   &longest, kMostEntries, &message_id);
  if (sent != LDAP_SUCCESS) return Failure(sent, "searching");
  std::vector<LdapEntry> entries;
  for (int messages = 0; messages < kMostMessages; ++messages) {
    ASSIGN_OR_RETURN(const Message message, Await(message_id, deadline, "searching"));
    const int type = ldap_msgtype(message.get());
    if (type == LDAP_RES_SEARCH_ENTRY) {
      entries.push_back(EntryOf(message.get(), attributes));
      if (entries.size() > static_cast<size_t>(kMostEntries)) break;
    }
    if (type != LDAP_RES_SEARCH_RESULT) continue;
    ASSIGN_OR_RETURN(const int code, ResultOf(message.get()));
    const bool not_there = scope == Scope::kEntry && code == LDAP_NO_SUCH_OBJECT;
    if (code == LDAP_SUCCESS || code == LDAP_SIZELIMIT_EXCEEDED || not_there) return entries;
    return Failure(code, absl::StrCat("searching below ", base));
  }
  ldap_abandon_ext(ldap_, message_id, nullptr, nullptr);
  return absl::FailedPreconditionError("searching: it answers without end");
}

absl::StatusOr<LdapConnection::Message> LdapConnection::Await(int message_id, absl::Time deadline,
                                                              absl::string_view doing) {
  timeval patience = UntilThen(deadline);
  LDAPMessage* message = nullptr;
  const int type = ldap_result(ldap_, message_id, LDAP_MSG_ONE, &patience, &message);
  if (type > 0) return Message(message);
  if (type == 0) {
    ldap_abandon_ext(ldap_, message_id, nullptr, nullptr);
    return absl::DeadlineExceededError(absl::StrCat(doing, ": it does not answer in time"));
  }
  int code = LDAP_SERVER_DOWN;
  ldap_get_option(ldap_, LDAP_OPT_RESULT_CODE, &code);
  return Failure(code == LDAP_SUCCESS ? LDAP_SERVER_DOWN : code, doing);
}

absl::StatusOr<int> LdapConnection::ResultOf(LDAPMessage* message) {
  int code = LDAP_OTHER;
  const int parsed = ldap_parse_result(ldap_, message, &code, nullptr, nullptr, nullptr, nullptr,
                                       /*freeit=*/0);
  if (parsed != LDAP_SUCCESS) return Failure(parsed, "reading its answer");
  return code;
}

LdapEntry LdapConnection::EntryOf(LDAPMessage* message,
                                  const std::vector<std::string>& attributes) {
  LdapEntry entry;
  char* const dn = ldap_get_dn(ldap_, message);
  if (dn != nullptr) entry.dn = dn;
  ldap_memfree(dn);
  for (const std::string& attribute : attributes) {
    berval** const values = ldap_get_values_len(ldap_, message, attribute.c_str());
    for (int i = 0; values != nullptr && values[i] != nullptr; ++i) {
      std::string value(values[i]->bv_val, values[i]->bv_len);
      // What is longer is no name, address or ID.
      if (value.size() > kLongestValue) continue;
      const auto [kept, is_first] = entry.values.emplace(attribute, value);
      if (!is_first) kept->second = std::min(kept->second, value);
    }
    ldap_value_free_len(values);
  }
  return entry;
}

absl::Status LdapConnection::Failure(int code, absl::string_view doing) {
  std::string text = absl::StrCat(doing, ": ", ldap_err2string(code));
  char* said = nullptr;
  ldap_get_option(ldap_, LDAP_OPT_DIAGNOSTIC_MESSAGE, &said);
  if (said != nullptr && *said != '\0')
    absl::StrAppend(&text, " (", PrintableOf(said, kLongestDetail), ")");
  ldap_memfree(said);
  switch (code) {
    case LDAP_TIMEOUT:
    case LDAP_TIMELIMIT_EXCEEDED:
      return absl::DeadlineExceededError(text);
    case LDAP_SERVER_DOWN:
    case LDAP_CONNECT_ERROR:
    case LDAP_UNAVAILABLE:
    case LDAP_BUSY:
    case LDAP_DECODING_ERROR:
      return absl::UnavailableError(text);
    default:
      return absl::FailedPreconditionError(text);
  }
}

}  // namespace usher::auth
