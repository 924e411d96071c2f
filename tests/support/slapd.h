// A real LDAP server (OpenLDAP's slapd) for tests.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.h"

namespace usher {

// On 127.0.0.1 and ports of its own, with a folder of its own and a throw-away CA, as whoever runs
// the tests. Throws std::runtime_error with what slapd says when it does not start. Not
// thread-safe.
class Slapd {
 public:
  static constexpr char kSuffix[] = "dc=example,dc=org";
  static constexpr char kPeople[] = "ou=people,dc=example,dc=org";
  // Who looks for people.
  static constexpr char kReader[] = "cn=reader,dc=example,dc=org";
  static constexpr char kReaderPassword[] = "the reader's password";

  Slapd();
  ~Slapd();
  Slapd(const Slapd&) = delete;
  Slapd& operator=(const Slapd&) = delete;

  // ldap:// with StartTLS where the client wants it, and ldaps://. By address: in the place of
  // "localhost" libldap looks for the machine's own name in certificates.
  std::string Url() const;
  std::string TlsUrl() const;
  // The CA of its certificate, and one that has nothing to do with it.
  std::string Ca() const { return folder_ + "/certificates/public_ca.pem"; }
  std::string OtherCa() const { return folder_ + "/certificates/ca.pem"; }
  // A file with kReaderPassword.
  std::string ReaderPasswordFile() const { return folder_ + "/reader"; }
  const std::string& folder() const { return folder_; }

  using Attributes = std::map<std::string, std::string>;
  // The name of the person below kPeople with that user name.
  static std::string DnOf(const std::string& uid);
  // An inetOrgPerson; `uid`, `cn` and `sn` are filled in where they are left out.
  void AddPerson(const std::string& uid, const std::string& password, Attributes attributes = {});
  void Add(const std::string& dn, const std::vector<std::string>& classes,
           const Attributes& attributes);
  void Replace(const std::string& dn, const std::string& attribute, const std::string& value);
  void Remove(const std::string& dn);

  // Answers nothing any more (SIGSTOP), and goes on.
  void Freeze();
  void Thaw();
  void Stop();
  void Start();  // on the same ports, with what it had

  // What it has logged: of every connection, sign-in (BIND) and search.
  std::string Log() const;
  // How often people have tried to sign in, and who looks.
  size_t CountSignIns() const;

 private:
  void WriteConfig() const;
  void TakePorts();

  std::string folder_;
  int port_ = 0;
  int tls_port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace usher
