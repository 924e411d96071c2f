// The five real servers, running: for tests that ask them over the wire.
#pragma once

#include <authentication/authenticationService.grpc.pb.h>
#include <businessLogicService/businessLogicService.grpc.pb.h>
#include <companyService/companyService.grpc.pb.h>
#include <grpcpp/channel.h>
#include <roomService/roomService.grpc.pb.h>
#include <user/userService.grpc.pb.h>
#include <usher/token/v1/claims.grpc.pb.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/rpc/peer/peer.h"
#include "common/token/access_token.h"
#include "common/token/key_file.h"
#include "tests/support/child_process.h"
#include "tests/support/scratch_database.h"

namespace usher {

// The ways into a company that --bootstrap made.
struct Tenant {
  std::string company;
  std::string username;
  std::string password;
  std::string client_id;
  std::string code;
  std::string administrator;  // user IDs
  std::string api_client;
};

// What signing in answered.
struct SignedIn {
  std::string access_token;
  std::string refresh_token;
  std::string user;
};

// With scratch databases, a throw-away CA and nothing but Unix sockets. Stops its servers at the
// end. Throws std::runtime_error, with the log of the server that is to blame, when it does not
// come up. The servers are those of this build, or of the build folder USHER_SERVER_BUILD. Its
// state is shared by the tests of the process: they make users and rooms of their own.
//
// A house may have several servers of each service, on its one database: the first is called as the
// service is, "room", a second one Replica("room", 2). Whatever takes a server takes either; stubs
// and channels lead to one server each, and what servers ask of each other goes to all in turn.
class House {
 public:
  // What a server is started by in place of its Command.
  using Adapt = std::function<std::vector<std::string>(const std::string& server,
                                                       std::vector<std::string> command)>;

  // The usual one: one for each test process, started when it is first asked for, with as many
  // servers of each service as USHER_TEST_REPLICAS says (1 where it says nothing).
  static House& Get();
  explicit House(Adapt adapt, int replicas = 1);
  ~House();

  // "auth", "user", "company", "room", "business-logic".
  static const std::vector<std::string>& Services();
  static std::string Replica(const std::string& service, int number);
  // All of them, with their replicas.
  std::vector<std::string> Servers() const;

  ::authentication::AuthenticationService::Stub& auth() { return *auth_; }
  ::user::UserService::Stub& user() { return *user_; }
  ::companyService::CompanyService::Stub& company() { return *company_; }
  ::roomService::roomService::Stub& room() { return *room_; }
  ::businessLogicService::BusinessLogicService::Stub& business_logic() { return *business_logic_; }
  ::usher::token::v1::KeyService::Stub& keys() { return *keys_; }
  // For calls by name. Survives restarts of the service.
  const std::shared_ptr<grpc::Channel>& channel(const std::string& server) const;
  // A new one to the internal port of `service`, with the certificate of `caller`.
  std::shared_ptr<grpc::Channel> InternalChannel(const std::string& service,
                                                 const std::string& caller) const;
  // The same for what asks it as the servers do.
  rpc::Peer PeerOf(const std::string& service, const std::string& caller) const;
  // Where a server listens, "public", "json" or "internal", and where the house keeps its
  // certificates.
  std::string Socket(const std::string& server, const std::string& kind) const;
  std::string CertificateFolder() const;

  // The operator's company; "acme" and "globex", which know nothing of each other.
  const Tenant& operator_company() const { return tenants_.at("operator"); }
  const Tenant& acme() const { return tenants_.at("acme"); }
  const Tenant& globex() const { return tenants_.at("globex"); }

  // With the password of the company's administrator. Throws when it does not work.
  SignedIn SignIn(const Tenant& tenant);
  SignedIn SignIn(const std::string& company, const std::string& username,
                  const std::string& password);

  // A token signed with the house's own key: for what auth would not issue (expired, single
  // permissions). The fields that are not set are filled in for an hour from now.
  std::string Sign(token::AccessToken token) const;

  // Ends a server at once (SIGKILL), or as an administrator would (SIGTERM; its exit code).
  void Kill(const std::string& server);
  int Stop(const std::string& server);
  // Stops it where it is (SIGSTOP), and lets it go on.
  void Freeze(const std::string& server);
  void Thaw(const std::string& server);
  // Starts it (again) and waits until it serves.
  void Start(const std::string& server);
  // Kill, and Start.
  void Restart(const std::string& server);
  // The two halves of Start: for a server that cannot serve yet. It may be one that does not run.
  void Launch(const std::string& server);
  void AwaitServing(const std::string& server);
  // What auth signs with; it reads the folder when it starts.
  std::string KeyFolder() const { return folder_ + "/keys"; }
  ChildProcess& process(const std::string& server) { return *servers_.at(server); }

  // How it is started: for tests that start one of their own. The last one of two equal flags
  // counts.
  std::vector<std::string> Command(const std::string& server) const;

  // What stands behind a service.
  ScratchDatabase& database(const std::string& service) { return *databases_.at(service); }
  // What a server has logged so far.
  std::string Log(const std::string& server) const;

 private:
  void StartAll();
  void MakeTenant(const std::string& company);
  void MakeProfile(const Tenant& tenant);
  std::vector<std::string> OwnFlags(const std::string& service) const;
  // Of all servers of the service.
  std::string InternalAddress(const std::string& service) const;

  const Adapt adapt_;
  const int replicas_;
  std::string folder_;
  std::map<std::string, std::unique_ptr<ScratchDatabase>> databases_;
  std::map<std::string, Tenant> tenants_;
  std::vector<token::SigningKey> signing_keys_;
  std::map<std::string, std::unique_ptr<ChildProcess>> servers_;
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_;
  std::unique_ptr<::authentication::AuthenticationService::Stub> auth_;
  std::unique_ptr<::user::UserService::Stub> user_;
  std::unique_ptr<::companyService::CompanyService::Stub> company_;
  std::unique_ptr<::roomService::roomService::Stub> room_;
  std::unique_ptr<::businessLogicService::BusinessLogicService::Stub> business_logic_;
  std::unique_ptr<::usher::token::v1::KeyService::Stub> keys_;
};

}  // namespace usher
