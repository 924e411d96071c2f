#include "tests/support/slapd.h"

#include <arpa/inet.h>
#include <ldap.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/support/file_content.h"
#include "tests/support/folders.h"

namespace usher {
namespace {

constexpr char kRoot[] = "cn=root,dc=example,dc=org";
constexpr char kRootPassword[] = "the root's password";
constexpr int kMostStarts = 5;

// A port that is free now; somebody may take it before slapd does.
int FreePort() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool good = descriptor >= 0 &&
                    bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                    getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (descriptor >= 0) close(descriptor);
  if (!good) throw std::runtime_error("no port is free");
  return ntohs(address.sin_port);
}

// As root of the directory.
class RootConnection {
 public:
  explicit RootConnection(const std::string& url) {
    const int version = LDAP_VERSION3;
    ldap_initialize(&ldap_, url.c_str());
    ldap_set_option(ldap_, LDAP_OPT_PROTOCOL_VERSION, &version);
    std::string password = kRootPassword;
    berval credentials = {password.size(), password.data()};
    code_ =
        ldap_sasl_bind_s(ldap_, kRoot, LDAP_SASL_SIMPLE, &credentials, nullptr, nullptr, nullptr);
  }
  ~RootConnection() { ldap_unbind_ext_s(ldap_, nullptr, nullptr); }
  RootConnection(const RootConnection&) = delete;
  RootConnection& operator=(const RootConnection&) = delete;

  bool good() const { return code_ == LDAP_SUCCESS; }
  LDAP* get() const { return ldap_; }
  void Require(int code, const std::string& dn) const {
    if (code_ != LDAP_SUCCESS) code = code_;
    if (code == LDAP_SUCCESS) return;
    throw std::runtime_error(absl::StrCat("slapd: ", dn, ": ", ldap_err2string(code)));
  }

 private:
  LDAP* ldap_ = nullptr;
  int code_ = LDAP_OTHER;
};

// What libldap wants of a change of one attribute; lives as long as the call.
struct Change {
  Change(int operation, std::string type, std::vector<std::string> all)
      : name(std::move(type)), values(std::move(all)) {
    for (std::string& value : values) bytes.push_back({value.size(), value.data()});
    for (berval& value : bytes) pointers.push_back(&value);
    pointers.push_back(nullptr);
    mod.mod_op = operation | LDAP_MOD_BVALUES;
    mod.mod_type = name.data();
    mod.mod_bvalues = pointers.data();
  }
  std::string name;
  std::vector<std::string> values;
  std::vector<berval> bytes;
  std::vector<berval*> pointers;
  LDAPMod mod = {};
};

}  // namespace

Slapd::Slapd() {
  signal(SIGPIPE, SIG_IGN);  // libldap writes into connections that are gone
  std::string pattern = "/tmp/usher_slapd_XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  RunProgram({SourceFolder() + "/deploy/local/certificates", folder_ + "/certificates", "nobody"});
  std::filesystem::create_directory(folder_ + "/data");
  std::ofstream(ReaderPasswordFile()) << kReaderPassword << "\n";
  chmod(ReaderPasswordFile().c_str(), 0600);
  WriteConfig();
  for (int start = 1;; ++start) {
    TakePorts();
    try {
      Start();
      break;
    } catch (const std::exception&) {
      if (start == kMostStarts) throw;
    }
  }
  Add(kSuffix, {"organization", "dcObject"}, {{"dc", "example"}, {"o", "Example"}});
  Add(kPeople, {"organizationalUnit"}, {{"ou", "people"}});
  Add(kReader, {"organizationalRole", "simpleSecurityObject"},
      {{"cn", "reader"}, {"userPassword", kReaderPassword}});
}

Slapd::~Slapd() {
  Thaw();
  process_.reset();
  std::filesystem::remove_all(folder_);
}

void Slapd::WriteConfig() const {
  std::ofstream(folder_ + "/slapd.conf") << absl::StrReplaceAll(R"(
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile FOLDER/pid
TLSCACertificateFile FOLDER/certificates/public_ca.pem
TLSCertificateFile FOLDER/certificates/public.pem
TLSCertificateKeyFile FOLDER/certificates/public.key
TLSVerifyClient never
threads 4
database mdb
maxsize 16777216
suffix "SUFFIX"
rootdn "ROOT"
rootpw "PASSWORD"
directory FOLDER/data
index uid eq
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="READER" read by self read by anonymous auth by * none
)",
                                                                {{"FOLDER", folder_},
                                                                 {"SUFFIX", kSuffix},
                                                                 {"ROOT", kRoot},
                                                                 {"PASSWORD", kRootPassword},
                                                                 {"READER", kReader}});
}

void Slapd::TakePorts() {
  port_ = FreePort();
  do {
    tls_port_ = FreePort();
  } while (tls_port_ == port_);
}

std::string Slapd::Url() const { return absl::StrCat("ldap://127.0.0.1:", port_); }

std::string Slapd::TlsUrl() const { return absl::StrCat("ldaps://127.0.0.1:", tls_port_); }

void Slapd::Start() {
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{
          "/usr/sbin/slapd", "-f", folder_ + "/slapd.conf", "-h",
          absl::StrCat("ldap://127.0.0.1:", port_, " ldaps://127.0.0.1:", tls_port_), "-d",
          "stats"},
      folder_ + "/log");
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (!RootConnection(Url()).good()) {
    if (!process_->IsRunning() || absl::Now() > until) {
      throw std::runtime_error(absl::StrCat("slapd does not start:\n", Log()));
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
}

void Slapd::Stop() {
  process_->Signal(SIGTERM);
  process_->Wait(absl::Seconds(30));
}

void Slapd::Freeze() { process_->Freeze(); }

void Slapd::Thaw() {
  if (process_ != nullptr && process_->IsRunning()) process_->Signal(SIGCONT);
}

std::string Slapd::DnOf(const std::string& uid) {
  std::string escaped;
  for (const char c : uid) {
    absl::StrAppend(&escaped, "\\", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
  }
  return absl::StrCat("uid=", escaped, ",", kPeople);
}

void Slapd::AddPerson(const std::string& uid, const std::string& password, Attributes attributes) {
  attributes.emplace("uid", uid);
  attributes.emplace("cn", uid);
  attributes.emplace("sn", uid);
  attributes["userPassword"] = password;
  Add(DnOf(uid), {"inetOrgPerson"}, attributes);
}

void Slapd::Add(const std::string& dn, const std::vector<std::string>& classes,
                const Attributes& attributes) {
  std::vector<std::unique_ptr<Change>> changes;
  changes.push_back(std::make_unique<Change>(LDAP_MOD_ADD, "objectClass", classes));
  for (const auto& [name, value] : attributes) {
    changes.push_back(
        std::make_unique<Change>(LDAP_MOD_ADD, name, std::vector<std::string>{value}));
  }
  std::vector<LDAPMod*> mods;
  for (const auto& change : changes) mods.push_back(&change->mod);
  mods.push_back(nullptr);
  const RootConnection root(Url());
  root.Require(ldap_add_ext_s(root.get(), dn.c_str(), mods.data(), nullptr, nullptr), dn);
}

void Slapd::Replace(const std::string& dn, const std::string& attribute, const std::string& value) {
  Change change(LDAP_MOD_REPLACE, attribute, {value});
  LDAPMod* mods[] = {&change.mod, nullptr};
  const RootConnection root(Url());
  root.Require(ldap_modify_ext_s(root.get(), dn.c_str(), mods, nullptr, nullptr), dn);
}

void Slapd::Remove(const std::string& dn) {
  const RootConnection root(Url());
  root.Require(ldap_delete_ext_s(root.get(), dn.c_str(), nullptr, nullptr), dn);
}

std::string Slapd::Log() const { return FileContent(folder_ + "/log"); }

size_t Slapd::CountSignIns() const {
  size_t count = 0;
  std::istringstream log(Log());
  for (std::string line; std::getline(log, line);) {
    if (absl::StrContains(line, " BIND dn=") && absl::StrContains(line, "method=") &&
        !absl::StrContains(line, kRoot)) {
      ++count;
    }
  }
  return count;
}

}  // namespace usher
