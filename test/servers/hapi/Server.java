import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.partition.PartitionManagementProvider;
import ca.uhn.fhir.jpa.provider.IJpaSystemProvider;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.narrative2.NullNarrativeGenerator;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.interceptor.partition.RequestTenantPartitionInterceptor;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.tenant.UrlBaseTenantIdentificationStrategy;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A FHIR R4 server of HAPI's parts: its JPA storage, its resource providers, its authorisation and partitions.
 * Arguments: the directory and the port. Bound to 127.0.0.1; partitions are below /fhir/, tokens
 * are given out below /auth/.
 */
public class Server {
  public static void main(String[] args) throws Exception {
    System.setProperty("directory", args[0]);
    AnnotationConfigApplicationContext storage = new AnnotationConfigApplicationContext(Storage.class);
    Tokens tokens = new Tokens(System.getenv("FHIR_PASSWORD"));
    RestfulServer fhir = fhirServer(storage, tokens);
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(args[0]);
    Connector connector = new Connector();
    connector.setPort(Integer.parseInt(args[1]));
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "fhir", fhir).setLoadOnStartup(1);
    context.addServletMappingDecoded("/fhir/*", "fhir");
    Tomcat.addServlet(context, "tokens", tokens);
    context.addServletMappingDecoded("/auth/*", "tokens");
    tomcat.start();
    tomcat.getServer().await();
  }

  private static RestfulServer fhirServer(AnnotationConfigApplicationContext storage, Tokens tokens) {
    FhirContext fhir = storage.getBean(FhirContext.class);
    fhir.setNarrativeGenerator(new NullNarrativeGenerator());
    RestfulServer server = new RestfulServer(fhir);
    server.registerProviders(storage.getBean(ResourceProviderFactory.class).createProviders());
    server.registerProvider(storage.getBean(IJpaSystemProvider.class));
    server.registerProvider(storage.getBean(PartitionManagementProvider.class));
    server.setServerConformanceProvider(
        new JpaCapabilityStatementProvider(
            server,
            storage.getBean(IFhirSystemDao.class),
            storage.getBean(JpaStorageSettings.class),
            storage.getBean(ISearchParamRegistry.class),
            storage.getBean(IValidationSupport.class)));
    server.setPagingProvider(storage.getBean(DatabaseBackedPagingProvider.class));
    server.setDefaultResponseEncoding(EncodingEnum.JSON);
    server.setTenantIdentificationStrategy(new UrlBaseTenantIdentificationStrategy());
    RequestTenantPartitionInterceptor partitions = new RequestTenantPartitionInterceptor();
    storage.getAutowireCapableBeanFactory().autowireBean(partitions);
    server.registerInterceptor(partitions);
    server.registerInterceptor(new Users(System.getenv("FHIR_PASSWORD"), tokens));
    return server;
  }
}
