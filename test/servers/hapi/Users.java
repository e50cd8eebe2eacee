import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.AuthenticationException;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Bundle;

/**
 * Who may do what, as the scopes of SMART tell it apart: by resource type and interaction, before a request is carried
 * out. `root` may do anything, `systole` what README.md of the destination asks for, and `systole,without update Device`
 * all of that but one. All have one password; the bearer token of a user is `user.password` in Base64.
 * A token that the token endpoint gave out is one of `systole`.
 */
@Interceptor
public class Users {
  private static final Set<String> granted =
      Set.of(
          "search Observation",
          "create Observation",
          "update Observation",
          "delete Observation",
          "search Patient",
          "create Patient",
          "update Patient",
          "create Device",
          "update Device");
  private final String password;
  private final Tokens tokens;

  Users(String password, Tokens tokens) {
    this.password = password;
    this.tokens = tokens;
  }

  @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLED)
  public void permit(RestOperationTypeEnum operation, RequestDetails request) {
    String user = userOf(Optional.ofNullable(request.getHeader("Authorization")).orElse(""));
    if (user.equals("root")) return;
    String lacking = user.contains(",without ") ? user.substring(user.indexOf(",without ") + 9) : "";
    for (String wanted : wantedBy(operation, request)) {
      if (wanted.equals("read metadata")) continue;
      if (!granted.contains(wanted) || wanted.equals(lacking)) {
        throw new ForbiddenOperationException("no permission to " + wanted);
      }
    }
  }

  private static List<String> wantedBy(RestOperationTypeEnum operation, RequestDetails request) {
    switch (operation) {
      case METADATA:
        return List.of("read metadata");
      case SEARCH_TYPE:
        return List.of("search " + request.getResourceName());
      case TRANSACTION:
        List<String> wanted = new ArrayList<>();
        for (Bundle.BundleEntryComponent entry : ((Bundle) request.getResource()).getEntry()) {
          wanted.add(wantedBy(entry.getRequest()));
        }
        return wanted;
      case GET_PAGE:
        return List.of("search Observation");
      default:
        return List.of(operation.getCode());
    }
  }

  private static String wantedBy(Bundle.BundleEntryRequestComponent request) {
    String type = request.getUrl().split("[/?]")[0];
    switch (request.getMethod()) {
      case POST:
        return "create " + type;
      case PUT:
        return "update " + type;
      case DELETE:
        return "delete " + type;
      default:
        return "search " + type;
    }
  }

  private String userOf(String authorization) {
    String[] words = authorization.split(" ", 2);
    if (words.length == 2 && words[0].equals("Bearer") && tokens.isKnown(words[1])) return "systole";
    if (words.length == 2 && Set.of("Basic", "Bearer").contains(words[0])) {
      String end = (words[0].equals("Basic") ? ":" : ".") + password;
      String known = decoded(words[1]);
      if (known.endsWith(end)) return known.substring(0, known.length() - end.length());
    }
    throw new AuthenticationException("the credentials are not known");
  }

  /** A token of the endpoint that was revoked is no Base64. */
  private static String decoded(String text) {
    try {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException thrown) {
      return "";
    }
  }
}
