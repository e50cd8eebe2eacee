import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The token endpoint of SMART Backend Services: `POST /auth/token` checks a client assertion as the specification says
 * (https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html), with Nimbus' JOSE library.
 * `PUT /auth/clients/{id}` registers a client's JWK Set, `DELETE /auth/tokens/{client}` revokes its tokens: both are
 * root's.
 */
public class Tokens extends HttpServlet {
  private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.ES384, JWSAlgorithm.RS384);
  private static final Set<String> SCOPES =
      Set.of("system/Patient.cruds", "system/Device.cruds", "system/Observation.cruds");
  private static final int MOST_SECONDS = 300;
  private final String root;
  private final Map<String, JWKSet> clients = new ConcurrentHashMap<>();

  /** Each assertion is taken once. */
  private final Set<String> usedIds = ConcurrentHashMap.newKeySet();

  /** The client of each token. */
  private final Map<String, String> issued = new ConcurrentHashMap<>();

  Tokens(String password) {
    byte[] credentials = ("root:" + password).getBytes(StandardCharsets.UTF_8);
    root = "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  boolean isKnown(String token) {
    return issued.containsKey(token);
  }

  @Override
  protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (!isRoot(request, response)) return;
    try {
      clients.put(lastSegment(request), JWKSet.load(request.getInputStream()));
      response.setStatus(204);
    } catch (ParseException thrown) {
      response.sendError(400, thrown.getMessage());
    }
  }

  @Override
  protected void doDelete(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (!isRoot(request, response)) return;
    issued.values().removeIf(lastSegment(request)::equals);
    response.setStatus(204);
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-store");
    try {
      String client = clientOf(request);
      String scope = request.getParameter("scope");
      if (scope == null || !SCOPES.containsAll(List.of(scope.split(" ")))) throw new Refused("invalid_scope", scope);
      String token = UUID.randomUUID().toString();
      issued.put(token, client);
      String answer = "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":%d,\"scope\":\"%s\"}";
      response.getWriter().print(String.format(answer, token, MOST_SECONDS, scope));
    } catch (Refused refused) {
      response.setStatus(400);
      String answer = "{\"error\":\"%s\",\"error_description\":\"%s\"}";
      response.getWriter().print(String.format(answer, refused.error, refused.getMessage()));
    }
  }

  private String clientOf(HttpServletRequest request) throws Refused {
    require("client_credentials".equals(request.getParameter("grant_type")), "grant_type");
    require(ASSERTION_TYPE.equals(request.getParameter("client_assertion_type")), "client_assertion_type");
    try {
      SignedJWT assertion = SignedJWT.parse(request.getParameter("client_assertion"));
      JWTClaimsSet claims = assertion.getJWTClaimsSet();
      String client = claims.getSubject();
      require(client != null && client.equals(claims.getIssuer()), "iss and sub are not one client");
      require(isSigned(assertion, clients.getOrDefault(client, new JWKSet())), "the signature is by no key of it");
      require(claims.getAudience().equals(List.of(request.getRequestURL().toString())), "aud");
      require(isTimely(claims), "exp");
      require(claims.getJWTID() != null && usedIds.add(client + " " + claims.getJWTID()), "jti");
      return client;
    } catch (ParseException | JOSEException thrown) {
      throw new Refused("invalid_client", "the assertion is no signed JWT");
    }
  }

  private static boolean isSigned(SignedJWT assertion, JWKSet keys) throws JOSEException {
    JWK key = keys.getKeyByKeyId(assertion.getHeader().getKeyID());
    boolean isJwt = assertion.getHeader().getType() != null && "JWT".equals(assertion.getHeader().getType().getType());
    if (key == null || !isJwt || !ALGORITHMS.contains(assertion.getHeader().getAlgorithm())) return false;
    boolean isEc = key.getKeyType().getValue().equals("EC");
    JWSVerifier verifier = isEc ? new ECDSAVerifier(key.toECKey()) : new RSASSAVerifier(key.toRSAKey());
    return assertion.verify(verifier);
  }

  private static boolean isTimely(JWTClaimsSet claims) {
    if (claims.getExpirationTime() == null) return false;
    Instant now = Instant.now();
    Instant end = claims.getExpirationTime().toInstant();
    return end.isAfter(now) && !end.isAfter(now.plusSeconds(MOST_SECONDS));
  }

  private boolean isRoot(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (root.equals(request.getHeader("Authorization"))) return true;
    response.sendError(401);
    return false;
  }

  private static String lastSegment(HttpServletRequest request) {
    String path = request.getPathInfo();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static void require(boolean isGood, String what) throws Refused {
    if (!isGood) throw new Refused("invalid_client", what);
  }

  private static class Refused extends Exception {
    final String error;

    Refused(String error, String message) {
      super(message);
      this.error = error;
    }
  }
}
