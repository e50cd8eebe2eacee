import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

/**
 * Validates resources with HAPI's own validator. Arguments: a file with our definitions and a file with the
 * resources to be validated, each with one resource a line (JSON), and the file to write: a line for each
 * resource, which is a JSON array of its issues. It needs no network.
 */
public final class Validate {
  public static void main(String[] arguments) throws Exception {
    FhirContext context = FhirContext.forR4();
    FhirValidator validator = validatorWith(context, Path.of(arguments[0]));
    Gson gson = new Gson();
    try (BufferedReader lines = Files.newBufferedReader(Path.of(arguments[1]));
        PrintStream answers = new PrintStream(arguments[2], StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.println(gson.toJson(issuesOf(validator, line)));
      }
    }
  }

  private static FhirValidator validatorWith(FhirContext context, Path definitions) throws Exception {
    PrePopulatedValidationSupport ours = new PrePopulatedValidationSupport(context);
    IParser parser = context.newJsonParser();
    for (String line : Files.readAllLines(definitions)) ours.addResource(parser.parseResource(line));
    ValidationSupportChain chain =
        new ValidationSupportChain(
            new DefaultProfileValidationSupport(context),
            ours,
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context),
            new SnapshotGeneratingValidationSupport(context));
    FhirInstanceValidator instances = new FhirInstanceValidator(chain);
    return context.newValidator().registerValidatorModule(instances);
  }

  private static List<Map<String, String>> issuesOf(FhirValidator validator, String resource) {
    List<Map<String, String>> issues = new ArrayList<>();
    for (SingleValidationMessage message : validator.validateWithResult(resource).getMessages()) {
      issues.add(
          Map.of(
              "severity", String.valueOf(message.getSeverity()),
              "id", String.valueOf(message.getMessageId()),
              "location", String.valueOf(message.getLocationString()),
              "message", String.valueOf(message.getMessage())));
    }
    return issues;
  }
}
