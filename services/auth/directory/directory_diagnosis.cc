#include "services/auth/directory/directory_diagnosis.h"

#include <arpa/inet.h>
#include <ldap.h>
#include <netdb.h>
#include <sys/socket.h>

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/base/printable.h"
#include "common/status/try.h"
#include "services/auth/directory/ldap_connection.h"
#include "services/auth/directory/ldap_names.h"

namespace usher::auth {
namespace {

constexpr size_t kLongestShown = 200;  // bytes

bool IsText(absl::string_view text) {
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    if (character.code_point < 0) return false;
    text.remove_prefix(character.bytes);
  }
  return true;
}

// A name or value of the directory, on one line. An ID may be any bytes.
std::string ShownText(absl::string_view text) {
  return IsText(text) ? PrintableOf(text, kLongestShown)
                      : absl::StrCat("0x", absl::BytesToHexString(text));
}

// Says how each step went; the first that fails is the last.
class Report {
 public:
  explicit Report(std::ostream& out) : out_(out) {}
  void Worked(absl::string_view step, absl::string_view how) {
    out_ << "ok      " << step << ": " << how << "\n";
  }
  void Note(absl::string_view text) { out_ << "        " << text << "\n"; }
  absl::Status Failed(absl::string_view step, absl::string_view why, absl::string_view hint = "") {
    out_ << "FAILED  " << step << ": " << why << "\n";
    if (!hint.empty()) Note(hint);
    return absl::UnavailableError(absl::StrCat("the directory does not work: ", step));
  }

 private:
  std::ostream& out_;
};

struct Host {
  std::string name;
  std::string port;
};

Host HostOf(const std::string& url) {
  Host host;
  LDAPURLDesc* parts = nullptr;
  if (ldap_url_parse(url.c_str(), &parts) != LDAP_URL_SUCCESS) return host;
  host.name = parts->lud_host;
  host.port = absl::StrCat(parts->lud_port);
  ldap_free_urldesc(parts);
  return host;
}

// Looks it up as libldap will.
absl::Status Resolve(const Host& host, Report& report) {
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.name.c_str(), host.port.c_str(), &wanted, &found);
  if (code != 0) {
    return report.Failed(absl::StrCat("resolve ", host.name), gai_strerror(code),
                         "is the name in url right, and does this machine's resolver know it?");
  }
  std::set<std::string> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    char text[INET6_ADDRSTRLEN] = "";
    const void* const address =
        one->ai_family == AF_INET
            ? static_cast<const void*>(
                  &reinterpret_cast<const sockaddr_in*>(one->ai_addr)->sin_addr)
            : &reinterpret_cast<const sockaddr_in6*>(one->ai_addr)->sin6_addr;
    inet_ntop(one->ai_family, address, text, sizeof(text));
    addresses.insert(text);
  }
  freeaddrinfo(found);
  report.Worked(absl::StrCat("resolve ", host.name), absl::StrJoin(addresses, ", "));
  return absl::OkStatus();
}

// Without TLS, to tell whether the port or the certificate is the matter.
absl::Status Connect(const DirectorySettings& settings, const Host& host, const std::string& url,
                     Report& report) {
  DirectorySettings plain = settings;
  plain.plaintext = true;
  const std::string scheme = absl::StrCat(
      "ldap://", absl::StrContains(host.name, ':') ? absl::StrCat("[", host.name, "]") : host.name);
  plain.urls = {absl::StrCat(scheme, ":", host.port)};
  const auto opened = LdapConnection::Open(plain, absl::Now() + settings.timeout);
  if (!opened.ok()) {
    return report.Failed(absl::StrCat("connect to ", url), opened.status().message(),
                         "is it running there, and does a firewall stand between?");
  }
  report.Worked(absl::StrCat("connect to ", url), absl::StrCat("port ", host.port, " answers"));
  return absl::OkStatus();
}

absl::Status StartTls(const DirectorySettings& settings, const std::string& url, Report& report) {
  if (settings.plaintext) {
    report.Note("no TLS: plaintext is set");
    return absl::OkStatus();
  }
  DirectorySettings one = settings;
  one.urls = {url};
  const auto opened = LdapConnection::Open(one, absl::Now() + settings.timeout);
  if (!opened.ok()) {
    return report.Failed("TLS", opened.status().message(),
                         absl::StrCat("is ", settings.ca,
                                      " the CA of its certificate, has that not expired, and is "
                                      "the host's name in it?"));
  }
  report.Worked("TLS", absl::StrCat("its certificate is of ", settings.ca));
  return absl::OkStatus();
}

absl::Status TryToSignIn(LdapConnection& connection, const std::string& step, const std::string& dn,
                         const Secret& password, absl::Time deadline, const std::string& hint,
                         Report& report) {
  const absl::StatusOr<bool> signed_in = connection.Bind(dn, password, deadline);
  if (!signed_in.ok()) return report.Failed(step, signed_in.status().message());
  if (!*signed_in) return report.Failed(step, "name or password is refused", hint);
  report.Worked(step, ShownText(dn));
  return absl::OkStatus();
}

void Describe(const LdapEntry& entry, const DirectoryAttributes& attributes, Report& report) {
  const std::pair<const char*, const std::string*> all[] = {
      {"name", &attributes.name},         {"id", &attributes.id},
      {"email", &attributes.email},       {"firstname", &attributes.firstname},
      {"lastname", &attributes.lastname}, {"title", &attributes.title}};
  for (const auto& [what, attribute] : all) {
    if (attribute->empty()) continue;
    const auto value = entry.values.find(*attribute);
    report.Note(absl::StrCat(
        what, " (", *attribute,
        "): ", value == entry.values.end() ? std::string("-") : ShownText(value->second)));
  }
}

std::vector<std::string> AttributesOf(const DirectorySettings& settings) {
  const DirectoryAttributes& all = settings.attributes;
  std::vector<std::string> wanted;
  for (const std::string* attribute :
       {&all.name, &all.id, &all.email, &all.firstname, &all.lastname, &all.title}) {
    if (!attribute->empty()) wanted.push_back(*attribute);
  }
  return wanted;
}

// What signing in will ask of the entry as well.
absl::Status CheckEntry(const LdapEntry& entry, const DirectorySettings& settings,
                        const std::string& username, Report& report) {
  const DirectoryAttributes& attributes = settings.attributes;
  Describe(entry, attributes, report);
  const auto name = entry.values.find(attributes.name);
  if (name == entry.values.end()) {
    return report.Failed(
        "name", absl::StrCat("the entry shows no ", attributes.name),
        "name_attribute must be one that every entry has and whoever looks may read");
  }
  if (!IsSameName(name->second, username)) {
    return report.Failed(
        "name", absl::StrCat("is ", ShownText(name->second), ", not ", ShownText(username)),
        "people sign in with what name_attribute says, and no other name of theirs");
  }
  if (!attributes.id.empty() && entry.values.count(attributes.id) == 0) {
    return report.Failed(
        "id", absl::StrCat("the entry shows no ", attributes.id),
        "id_attribute must be one that every entry has and whoever looks may read");
  }
  return absl::OkStatus();
}

absl::StatusOr<LdapEntry> Search(LdapConnection& connection, const DirectorySettings& settings,
                                 const std::string& username, absl::Time deadline, Report& report) {
  const bool by_pattern = !settings.user_dn.empty();
  const std::string base = by_pattern ? FilledPattern(settings.user_dn, username) : settings.base;
  const std::string filter =
      settings.filter.empty() ? "(objectClass=*)" : FilledPattern(settings.filter, username);
  const auto entries = connection.Search(
      base, by_pattern ? LdapConnection::Scope::kEntry : LdapConnection::Scope::kBelow, filter,
      AttributesOf(settings), deadline);
  const std::string step = absl::StrCat("search ", filter, by_pattern ? " at " : " below ", base);
  if (!entries.ok()) return report.Failed(step, entries.status().message());
  if (entries->empty()) {
    return report.Failed(
        step, "no entry",
        "does somebody of that name match the filter, and may whoever looks see it?");
  }
  if (entries->size() > 1) {
    return report.Failed(step,
                         absl::StrCat("more than one entry: ", ShownText((*entries)[0].dn), "; ",
                                      ShownText((*entries)[1].dn)),
                         "the filter must fit one entry alone");
  }
  report.Worked(step, ShownText(entries->front().dn));
  return entries->front();
}

// As whoever looks, and as the user where there is a password.
absl::Status CheckUser(const DirectorySettings& settings, const std::string& username,
                       const Secret& password, LdapConnection& finder, Report& report) {
  const auto deadline = [&] { return absl::Now() + settings.timeout; };
  LdapEntry entry;
  entry.dn = FilledPattern(settings.user_dn, username);
  if (settings.rules.finds) {
    ASSIGN_OR_RETURN(entry, Search(finder, settings, username, deadline(), report));
    RETURN_IF_ERROR(CheckEntry(entry, settings, username, report));
  }
  if (IsBlank(password)) {
    report.Note(settings.rules.finds
                    ? "with --check_directory_password_file it is tried to sign in as well"
                    : "without bind_dn nobody is looked for: with "
                      "--check_directory_password_file it is tried to sign in");
    return absl::OkStatus();
  }
  const auto entrance = LdapConnection::Open(settings, deadline());
  if (!entrance.ok()) return report.Failed("connect", entrance.status().message());
  RETURN_IF_ERROR(TryToSignIn(**entrance, "sign in as the user", entry.dn, password, deadline(),
                              "is the password right, and is the account not switched off?",
                              report));
  if (settings.rules.finds) return absl::OkStatus();
  ASSIGN_OR_RETURN(entry, Search(**entrance, settings, username, deadline(), report));
  return CheckEntry(entry, settings, username, report);
}

}  // namespace

absl::Status CheckDirectory(const DirectorySettings& settings, const std::string& username,
                            const Secret& password, std::ostream& out) {
  Report report(out);
  report.Worked("file",
                absl::StrCat("company ", settings.company.value(), ", ",
                             settings.user_dn.empty()
                                 ? absl::StrCat("people are looked for below ", settings.base)
                                 : absl::StrCat("people sign in as ", settings.user_dn)));
  for (const std::string& url : settings.urls) {
    const Host host = HostOf(url);
    RETURN_IF_ERROR(Resolve(host, report));
    RETURN_IF_ERROR(Connect(settings, host, url, report));
    RETURN_IF_ERROR(StartTls(settings, url, report));
  }
  auto finder = LdapConnection::Open(settings, absl::Now() + settings.timeout);
  if (!finder.ok()) return report.Failed("connect", finder.status().message());
  if (!settings.bind_dn.empty()) {
    RETURN_IF_ERROR(TryToSignIn(**finder, "sign in as who looks", settings.bind_dn,
                                settings.bind_password, absl::Now() + settings.timeout,
                                "are bind_dn and bind_password_file right?", report));
  } else if (settings.rules.finds) {
    report.Note("nobody in particular looks: bind_dn is empty");
  }
  if (username.empty()) {
    report.Note("with a user name behind the company it is looked for that user as well");
    return absl::OkStatus();
  }
  return CheckUser(settings, username, password, **finder, report);
}

}  // namespace usher::auth
